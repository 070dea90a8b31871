/// Something at a path that may hold weights, with enough of it read to tell what it is.
package struct WeightSource: Sendable {
    /// The path as it was given.
    package let path: String
    /// The first bytes, at most 64.
    package let head: [UInt8]
    let file: MappedFile

    init(_ path: String) throws(WeightError) {
        self.path = path
        self.file = try MappedFile.open(path)
        self.head = file.elements(at: 0, count: min(64, file.byteCount), as: UInt8.self)
    }
}

/// A way to store weights in files.
///
/// A further format is one file with a type that conforms, and one line in ``WeightFormats``.
package protocol WeightFormat: Sendable {
    /// The format's name, for messages.
    static var name: String { get }
    /// Returns whether the source is of this format, by its first bytes.
    static func recognizes(_ source: WeightSource) -> Bool
    /// Reads the header, checks it against the bytes that are there, and returns what the file holds.
    static func open(_ source: WeightSource) throws(WeightError) -> WeightFile
}

/// The formats that weights are read from.
package enum WeightFormats {
    /// Every format; the first that recognises a file opens it.
    package static let all: [any WeightFormat.Type] = [
        GGUF.self
    ]
}
