import Foundation
import Glibc

/// The pieces of a file that a server sends, as the program curl receives them.
///
/// The program and not `URLSession`, which only FoundationNetworking has: that brings libcurl and some twenty libraries
/// into every start of Hiss, and without libcurl's headers Swift's own libraries could not be linked into the program.
enum Transfer {
    enum Event: Sendable {
        /// Pieces follow, from this byte on; the whole file has so many bytes, if the server says so.
        case begins(at: Int, total: Int?)
        case bytes([UInt8])
    }

    /// Asks for the bytes from `start` on, and waits for them all; what `body` throws breaks the transfer off.
    static func receive(
        _ source: URL, from start: Int, _ body: (Event) throws(DownloadError) -> Void
    ) throws(DownloadError) {
        let curl = Process()
        let (output, errors) = (Pipe(), Pipe())
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments = ["curl"] + arguments(source, from: start)
        curl.standardInput = FileHandle.nullDevice
        (curl.standardOutput, curl.standardError) = (output, errors)
        do { try curl.run() } catch { throw DownloadError(.program, error.localizedDescription) }
        defer {
            // No milder signal: it may be blocked in what this thread starts. After the end there is none to send.
            if curl.isRunning { kill(curl.processIdentifier, SIGKILL) }
            curl.waitUntilExit()
        }
        var head: ResponseHead? = ResponseHead()
        while case let bytes = try read(output.fileHandleForReading), !bytes.isEmpty {
            guard try head?.add(bytes) != false else { continue }
            if let answer = head {
                // What is there is longer than the file, so it is another one.
                if answer.status == 416, start > 0 { return try receive(source, from: 0, body) }
                try body(begin(answer, source))
                head = nil
                if !answer.rest.isEmpty { try body(.bytes(answer.rest)) }
            } else {
                try body(.bytes(bytes))
            }
        }
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        curl.waitUntilExit()
        if let error = error(curl.terminationStatus, String(decoding: said, as: UTF8.self), source) { throw error }
    }

    private static func arguments(_ source: URL, from start: Int) -> [String] {
        // Without the user's own settings, which may ask for another form of output.
        let how = ["--disable", "--silent", "--show-error", "--no-buffer", "--location", "--globoff"]
        let head = ["--include", "--suppress-connect-headers", "--header", "Accept-Encoding: identity"]
        let patience = ["--connect-timeout", "\(patience)", "--speed-limit", "1", "--speed-time", "\(patience)"]
        let range = start > 0 ? ["--range", "\(start)-"] : []
        return how + head + patience + range + ["--proto", "=http,https", "--url", source.absoluteString]
    }

    /// Seconds without a byte.
    private static let patience = 30

    /// The next bytes; none at the end.
    private static func read(_ handle: FileHandle) throws(DownloadError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(handle.fileDescriptor, &buffer, buffer.count)
            if count >= 0 { return Array(buffer[..<count]) }
            guard errno == EINTR else { throw .system("can't read what curl receives", errno) }
        }
    }

    /// What the head of an answer says of the bytes that follow.
    private static func begin(_ head: ResponseHead, _ source: URL) throws(DownloadError) -> Event {
        let host = source.host ?? "the server"
        switch head.status {
        case 200: return .begins(at: 0, total: head["content-length"].flatMap { Int($0) })
        case 206:
            guard let range = ContentRange(head["content-range"] ?? "") else {
                throw DownloadError(.refused, "\(host) sent a part without saying which")
            }
            return .begins(at: range.start, total: range.total)
        default: throw DownloadError(.refused, "\(host) answered \(head.status) to \(source.path)")
        }
    }

    /// What curl's exit status means.
    private static func error(_ status: Int32, _ said: String, _ source: URL) -> DownloadError? {
        let host = source.host ?? source.absoluteString
        let why: String
        switch status {
        case 0: return nil
        case 5, 6: why = "the name \(host) can't be looked up: is this machine offline?"
        case 7: why = "\(host) takes no connection"
        case 18, 52, 55, 56, 92: why = "\(host) broke the connection off"
        case 28: why = "\(host) didn't answer for \(patience) seconds"
        case 35, 51, 60: why = "\(host) can't be trusted: its certificate is not valid here"
        case 127: return DownloadError(.program, "the program curl, which fetches files, is not installed")
        default:
            let last = said.split(separator: "\n").last.map(String.init)
            why = "\(host): " + (last ?? "curl ended with status \(status)")
        }
        return DownloadError(.network, why)
    }
}

/// What a server says before the bytes: the head of its last answer, after those that only led there.
struct ResponseHead {
    private(set) var status = 0
    private var fields: [String: String] = [:]
    /// Bytes that came behind the head, once it is whole.
    private(set) var rest: [UInt8] = []

    /// A field's value; names are in small letters.
    subscript(name: String) -> String? { fields[name] }

    /// More than any head has.
    private static let mostBytes = 1 << 20

    /// Adds bytes, and returns whether the head is whole with them.
    mutating func add(_ bytes: [UInt8]) throws(DownloadError) -> Bool {
        rest += bytes
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            parse(rest[..<end.lowerBound])
            rest.removeFirst(end.upperBound)
            let leadsOn = status < 200 || (300..<400).contains(status) && fields["location"] != nil
            if !leadsOn { return true }
        }
        guard rest.count < Self.mostBytes else {
            throw DownloadError(.refused, "what the server sent is not an answer of HTTP")
        }
        return false
    }

    private mutating func parse(_ bytes: ArraySlice<UInt8>) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        fields = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[line[..<colon].lowercased()] = String(value)
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
