/// A place in a conversation as the files that a store keeps.
public struct EncodedSnapshot: Sendable {
    /// A safetensors file with everything but the pages, which it names: pieces that come one after the other, so that
    /// whoever hashes or writes them needs no copy of it all.
    public var main: [[UInt8]]
    /// Keys and values of 256 tokens each, in order; empty for recurrent models.
    public var pages: [EncodedPage]

    public init(main: [[UInt8]], pages: [EncodedPage]) {
        self.main = main
        self.pages = pages
    }
}

/// A page of keys and values, named by its bytes: a store that has the name never asks for them.
public struct EncodedPage: Sendable {
    /// SHA-256 of the bytes, in hexadecimal digits.
    public var digest: String
    /// Makes the bytes of the file, in pieces.
    public var pieces: @Sendable () -> [[UInt8]]

    public init(digest: String, pieces: @escaping @Sendable () -> [[UInt8]]) {
        self.digest = digest
        self.pieces = pieces
    }
}

/// Where the files of a kept snapshot lie; the store has compared the main file with its digest.
public struct SnapshotFiles: Sendable {
    /// Path of the main file.
    public var main: String
    /// Path of the page with a digest.
    public var page: @Sendable (String) -> String

    public init(main: String, page: @escaping @Sendable (String) -> String) {
        self.main = main
        self.page = page
    }
}
