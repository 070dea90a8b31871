/// Something at a path that may hold weights, a file or a directory, with enough of it read to tell what it is.
package struct WeightSource: Sendable {
    /// The path as it was given.
    package let path: String
    /// The first bytes of a file, at most 64.
    package let head: [UInt8]
    /// Nil for a directory.
    private let file: MappedFile?

    init(_ path: String) throws(WeightError) {
        self.path = path
        file = MappedFile.isDirectory(path) ? nil : try MappedFile.open(path)
        head = file.map { $0.elements(at: 0, count: min(64, $0.byteCount), as: UInt8.self) } ?? []
    }

    /// Whether the path is a directory's.
    package var isDirectory: Bool { file == nil }

    /// Returns the file; a directory is an error.
    func mappedFile() throws(WeightError) -> MappedFile {
        if let file { return file }
        throw WeightError(.unreadable, "\(path) is a directory, not a weight file. Name the file inside it.")
    }
}

/// A way to store weights in files.
///
/// A further format is one file with a type that conforms, and one line in ``WeightFormats``.
package protocol WeightFormat: Sendable {
    /// The format's name, for messages.
    static var name: String { get }
    /// Returns whether the source is of this format, by its first bytes or by what lies in the directory.
    static func recognizes(_ source: WeightSource) -> Bool
    /// Reads the header, checks it against the bytes that are there, and returns what the file holds.
    static func open(_ source: WeightSource) throws(WeightError) -> WeightFile
}

/// The formats that weights are read from.
package enum WeightFormats {
    /// Every format; the first that recognises a source opens it.
    package static let all: [any WeightFormat.Type] = [
        GGUF.self,
        HuggingFace.self,
    ]
}
