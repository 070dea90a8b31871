import Foundation
import FoundationNetworking

/// The pieces of a file that a server sends.
struct Transfer {
    enum Event: Sendable {
        /// Pieces follow, from this byte on; the whole file has so many bytes, if the server says so.
        case begins(at: Int, total: Int?)
        case bytes([UInt8])
    }

    /// Asks for the bytes from `start` on.
    ///
    /// The stream throws `DownloadError`; leaving it breaks the transfer off.
    static func events(of source: URL, from start: Int) -> AsyncThrowingStream<Event, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Event.self)
        var request = URLRequest(url: source, timeoutInterval: 30)
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
        let receiver = Receiver(source, continuation)
        let session = URLSession(configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
        let task = session.dataTask(with: request)
        continuation.onTermination = { _ in
            task.cancel()
            session.finishTasksAndInvalidate()
        }
        task.resume()
        return stream
    }
}

/// Hands on what the session tells; the session calls it on one queue.
private final class Receiver: NSObject, URLSessionDataDelegate, Sendable {
    private let source: URL
    private let continuation: AsyncThrowingStream<Transfer.Event, any Error>.Continuation

    init(_ source: URL, _ continuation: AsyncThrowingStream<Transfer.Event, any Error>.Continuation) {
        self.source = source
        self.continuation = continuation
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        guard let answer = response as? HTTPURLResponse else { return completionHandler(.allow) }
        switch answer.statusCode {
        case 200:
            let length = answer.value(forHTTPHeaderField: "Content-Length").flatMap { Int($0) }
            continuation.yield(.begins(at: 0, total: length))
        case 206:
            guard let range = ContentRange(answer.value(forHTTPHeaderField: "Content-Range") ?? "") else {
                fail(DownloadError(.refused, "\(source.host ?? "the server") sent a part without saying which"))
                return completionHandler(.cancel)
            }
            continuation.yield(.begins(at: range.start, total: range.total))
        case 416:
            // Nothing follows what is there.
            continuation.yield(.begins(at: 0, total: 0))
            continuation.finish()
            return completionHandler(.cancel)
        default:
            fail(
                DownloadError(
                    .refused, "\(source.host ?? "the server") answered \(answer.statusCode) to \(source.path)"))
            return completionHandler(.cancel)
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        continuation.yield(.bytes([UInt8](data)))
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let error else { return continuation.finish() }
        fail(DownloadError(.network, Self.text(of: error, host: source.host ?? source.absoluteString)))
    }

    private func fail(_ error: DownloadError) { continuation.finish(throwing: error) }

    /// What the code means: the messages of this platform give only its number.
    private static func text(of error: any Error, host: String) -> String {
        guard let code = (error as? URLError)?.code else { return "\(host): \(error.localizedDescription)" }
        return switch code {
        case .cannotFindHost, .dnsLookupFailed: "the name \(host) can't be looked up: is this machine offline?"
        case .cannotConnectToHost: "\(host) takes no connection"
        case .notConnectedToInternet: "this machine is offline"
        case .timedOut: "\(host) didn't answer for 30 seconds"
        case .networkConnectionLost: "\(host) broke the connection off"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "\(host) can't be trusted: its certificate is not valid here"
        default: "\(host): \(error.localizedDescription)"
        }
    }
}

/// The header of a part: `bytes 100-199/1000`.
struct ContentRange: Equatable {
    var start: Int
    var total: Int?

    init?(_ header: String) {
        let parts = header.split(whereSeparator: { " -/".contains($0) })
        guard parts.count == 4, parts[0].lowercased() == "bytes", let start = Int(parts[1]) else { return nil }
        self.start = start
        total = Int(parts[3])
    }
}
