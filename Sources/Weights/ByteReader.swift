/// Reads a mapped file from front to back and never past its end.
///
/// Lengths and counts come from the file, so each is compared with what remains before anything is read or allocated.
struct ByteReader {
    /// The most bytes that header, metadata and tensor records may take together.
    ///
    /// Large vocabularies take about 20 MB. The limit keeps a sparse file from claiming memory it does not hold.
    static let headerLimit = 1 << 28
    /// The most elements that all metadata arrays may hold together.
    static let elementLimit = 1 << 24

    /// The file that is read.
    let file: MappedFile
    /// Where the next read starts.
    private(set) var offset = 0
    private let end: Int
    private var elementsLeft = ByteReader.elementLimit

    /// Makes a reader that stands at the start of `file`.
    init(_ file: MappedFile) {
        self.file = file
        self.end = min(file.byteCount, ByteReader.headerLimit)
    }

    /// How many bytes may still be read.
    var remaining: Int { end - offset }

    /// Steps over `count` bytes and returns where they start.
    mutating func skip(_ count: Int, _ what: @autoclosure () -> String) throws(WeightError) -> Int {
        guard count <= remaining else { throw pastEnd(what(), needing: UInt64(count)) }
        defer { offset += count }
        return offset
    }

    /// Reads one integer.
    mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ what: @autoclosure () -> String
    ) throws(WeightError) -> T {
        let start = try skip(MemoryLayout<T>.size, what())
        return file.integer(at: start, as: type)
    }

    /// Reads a count that stands before items of at least `itemBytes` bytes each, and checks that they can follow.
    mutating func count(itemBytes: Int, _ what: @autoclosure () -> String) throws(WeightError) -> Int {
        let count = try integer(UInt64.self, what())
        guard count <= UInt64(remaining / itemBytes) else {
            let (bytes, overflow) = count.multipliedReportingOverflow(by: UInt64(itemBytes))
            throw pastEnd("\(what()) (\(count))", needing: overflow ? UInt64.max : bytes)
        }
        return Int(count)
    }

    /// Reads a text: its length in bytes, then the bytes.
    mutating func text(_ what: @autoclosure () -> String) throws(WeightError) -> String {
        let count = try count(itemBytes: 1, what())
        let start = try skip(count, what())
        return file.text(in: start..<start + count)
    }

    /// Takes `count` elements from what all arrays together may hold.
    mutating func claim(_ count: Int, _ what: @autoclosure () -> String) throws(WeightError) {
        guard count <= elementsLeft else {
            throw WeightError(
                .unsupported,
                "\(what()) in \(file.name) takes the arrays of this file over \(ByteReader.elementLimit) elements,"
                    + " the most that is read. The file is damaged, or no language model.")
        }
        elementsLeft -= count
    }

    private func pastEnd(_ what: String, needing count: UInt64) -> WeightError {
        if end < file.byteCount {
            return WeightError(
                .unsupported,
                "\(what) in \(file.name) needs \(count) bytes at byte \(offset), which takes the header over"
                    + " \(ByteReader.headerLimit) bytes, the most that is read. The file is damaged.")
        }
        return WeightError(
            .truncated,
            "\(what) needs \(count) bytes at byte \(offset), but \(file.name) ends at byte \(end)."
                + " The file is cut short or damaged; download or copy it again.")
    }
}
