package import Digests

/// The exact bytes that a file has to have.
package struct FileIdentity: Sendable, Equatable {
    package var byteCount: Int
    package var digest: Digest

    package init(byteCount: Int, digest: Digest) {
        self.byteCount = byteCount
        self.digest = digest
    }
}

/// The identity of bytes that come in pieces.
struct RunningIdentity {
    private var hash = SHA256()
    private(set) var byteCount = 0

    mutating func update(_ bytes: [UInt8]) {
        hash.update(bytes)
        byteCount += bytes.count
    }

    /// What came so far.
    var value: FileIdentity {
        let hash = hash
        return FileIdentity(byteCount: byteCount, digest: hash.finish())
    }
}
