import Foundation
import Glibc
import Synchronization

/// A web server on this machine with one file, which can misbehave.
final class LocalServer: Sendable {
    /// How it answers.
    struct Behaviour: Sendable {
        /// Whether it sends parts when it is asked for them.
        var sendsParts = true
        /// Breaks the connection off after so many bytes of the file's body; nil sends all.
        var breaksAfter: Int?
        var status = 200
        /// Whether it sends who asks for anything but `/moved` there.
        var redirects = false
    }

    private let content: [UInt8]
    private let socket: Int32
    let port: UInt16
    private let behaviour = Mutex(Behaviour())
    /// The first byte that each request asked for.
    private let starts = Mutex<[Int]>([])

    var requestedStarts: [Int] { starts.withLock(\.self) }

    init(_ content: [UInt8]) throws {
        self.content = content
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var length = size
        let socket = socket
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && listen(socket, 8) == 0 && getsockname(socket, address, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                answer(connection)
                close(connection)
            }
        }
    }

    /// Takes no more connections.
    func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    func behave(_ change: (inout Behaviour) -> Void) {
        behaviour.withLock { change(&$0) }
    }

    private func answer(_ connection: Int32) {
        let behaviour = behaviour.withLock(\.self)
        let request = Self.request(from: connection)
        let start = request.lowercased().split(separator: "range: bytes=").dropFirst().first
            .flatMap { $0.split(separator: "-", omittingEmptySubsequences: false).first }.flatMap { Int($0) }
        starts.withLock { $0.append(start ?? 0) }
        var head = "HTTP/1.1 "
        var body: ArraySlice<UInt8> = []
        if behaviour.redirects, !request.contains(" /moved ") {
            body = Array("It has moved.".utf8)[...]
            head += "302 Found\r\nLocation: /moved\r\n"
        } else if behaviour.status != 200 {
            head += "\(behaviour.status) No\r\n"
        } else if let start, behaviour.sendsParts, start >= content.count {
            head += "416 Range Not Satisfiable\r\nContent-Range: bytes */\(content.count)\r\n"
        } else if let start, behaviour.sendsParts {
            body = content[start...]
            head += "206 Partial Content\r\nContent-Range: bytes \(start)-\(content.count - 1)/\(content.count)\r\n"
        } else {
            body = content[...]
            head += "200 OK\r\n"
        }
        head += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        Self.send(Array(head.utf8) + body.prefix(behaviour.breaksAfter ?? body.count), to: connection)
    }

    private static func request(from connection: Int32) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: text, as: UTF8.self).contains("\r\n\r\n") {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    connection, $0.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }
}
