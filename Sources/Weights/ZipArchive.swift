/// Finds the entries of a zip archive that are stored as they are: the container of PyTorch's checkpoints.
///
/// Format: PKWARE APPNOTE.TXT 6.3 (§4.3), with zip64.
struct ZipArchive {
    /// Where each entry's bytes lie in the file.
    let entries: [String: Range<Int>]

    /// More entries than any checkpoint has.
    private static let mostEntries = 1 << 20

    /// Returns whether a file starts like a zip archive.
    static func recognizes(_ head: [UInt8]) -> Bool { head.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Reads the directory at the archive's end, and checks it against the bytes that are there.
    init(_ file: MappedFile) throws(WeightError) {
        let directory = try ZipDirectory(file)
        guard directory.count <= Self.mostEntries else {
            throw ZipDirectory.damaged(file, "says that it has \(directory.count) entries")
        }
        var entries: [String: Range<Int>] = [:]
        var place = directory.range.lowerBound
        for number in 0..<directory.count {
            let entry = try ZipEntry(file, at: place, before: directory.range.upperBound, number: number)
            guard entries.updateValue(try entry.range(in: file), forKey: entry.name) == nil else {
                throw ZipDirectory.damaged(file, "has the entry \(entry.name) twice")
            }
            place = entry.end
        }
        self.entries = entries
    }
}

/// The place of a zip archive's directory, as the record at the archive's end has it.
private struct ZipDirectory {
    let count: Int
    let range: Range<Int>

    init(_ file: MappedFile) throws(WeightError) {
        guard let end = Self.endRecord(file) else {
            throw WeightError(
                .truncated,
                "\(file.name) has no zip directory at its end. The file is cut short or damaged; download or copy it again."
            )
        }
        var count = UInt64(file.integer(at: end + 10, as: UInt16.self))
        var size = UInt64(file.integer(at: end + 12, as: UInt32.self))
        var start = UInt64(file.integer(at: end + 16, as: UInt32.self))
        if count == UInt16.max || size == UInt32.max || start == UInt32.max {
            let record = try Self.wideRecord(file, before: end)
            count = file.integer(at: record + 32, as: UInt64.self)
            size = file.integer(at: record + 40, as: UInt64.self)
            start = file.integer(at: record + 48, as: UInt64.self)
        }
        guard start <= UInt64(end), size <= UInt64(end) - start, count <= size / UInt64(ZipEntry.fixedBytes) else {
            throw Self.damaged(file, "says that its directory has \(count) entries in \(size) bytes at byte \(start)")
        }
        self.count = Int(count)
        range = Int(start)..<Int(start + size)
    }

    /// The end record is 22 bytes, and a comment of at most 65535 bytes may follow.
    private static func endRecord(_ file: MappedFile) -> Int? {
        var place = file.byteCount - 22
        let first = max(0, place - Int(UInt16.max))
        while place >= first {
            if file.integer(at: place, as: UInt32.self) == 0x0605_4B50,
                Int(file.integer(at: place + 20, as: UInt16.self)) == file.byteCount - place - 22
            {
                return place
            }
            place -= 1
        }
        return nil
    }

    /// The record of archives beyond 4 GiB or 65535 entries; its place stands in 20 bytes before the end record.
    private static func wideRecord(_ file: MappedFile, before end: Int) throws(WeightError) -> Int {
        guard end >= 20, file.integer(at: end - 20, as: UInt32.self) == 0x0706_4B50 else {
            throw damaged(file, "lacks the zip64 record that its end asks for")
        }
        let place = file.integer(at: end - 12, as: UInt64.self)
        guard place <= UInt64(end), end - Int(place) >= 56,
            file.integer(at: Int(place), as: UInt32.self) == 0x0606_4B50
        else { throw damaged(file, "has no zip64 record at byte \(place)") }
        return Int(place)
    }

    static func damaged(_ file: MappedFile, _ what: String) -> WeightError {
        WeightError(
            .damaged, "The zip directory of \(file.name) \(what), which can't be. Download or copy the file again.")
    }
}

/// One entry of the directory.
private struct ZipEntry {
    /// The bytes of an entry before its name.
    static let fixedBytes = 46

    let name: String
    /// Where the next entry starts.
    let end: Int
    private let size: UInt64
    /// Where the entry's own header starts.
    private let headerStart: UInt64

    init(_ file: MappedFile, at place: Int, before limit: Int, number: Int) throws(WeightError) {
        guard limit - place >= Self.fixedBytes, file.integer(at: place, as: UInt32.self) == 0x0201_4B50 else {
            throw ZipDirectory.damaged(file, "has no entry \(number + 1) at byte \(place)")
        }
        let flags = file.integer(at: place + 8, as: UInt16.self)
        let method = file.integer(at: place + 10, as: UInt16.self)
        let nameBytes = Int(file.integer(at: place + 28, as: UInt16.self))
        let extraBytes = Int(file.integer(at: place + 30, as: UInt16.self))
        let commentBytes = Int(file.integer(at: place + 32, as: UInt16.self))
        let nameStart = place + Self.fixedBytes
        end = nameStart + nameBytes + extraBytes + commentBytes
        guard end <= limit else {
            throw ZipDirectory.damaged(file, "ends within entry \(number + 1)")
        }
        name = file.text(in: nameStart..<nameStart + nameBytes)
        guard flags & 1 == 0, method == 0 else {
            throw WeightError(
                .unsupported,
                "\(name) in \(file.name) is \(method == 0 ? "encrypted" : "compressed"); PyTorch stores tensors as they are."
                    + " The file is no checkpoint that can be read.")
        }
        var fields = [
            UInt64(file.integer(at: place + 24, as: UInt32.self)),
            UInt64(file.integer(at: place + 20, as: UInt32.self)),
            UInt64(file.integer(at: place + 42, as: UInt32.self)),
        ]
        try Self.widen(&fields, file, nameStart + nameBytes..<nameStart + nameBytes + extraBytes)
        guard fields[0] == fields[1] else {
            throw ZipDirectory.damaged(file, "gives \(name) two sizes, \(fields[0]) and \(fields[1])")
        }
        (size, headerStart) = (fields[0], fields[2])
    }

    /// Takes the sizes and the place that don't fit 32 bits from the zip64 field, which has only those, in this order.
    private static func widen(_ fields: inout [UInt64], _ file: MappedFile, _ extra: Range<Int>) throws(WeightError) {
        guard fields.contains(UInt64(UInt32.max)) else { return }
        var place = extra.lowerBound
        while extra.upperBound - place >= 4 {
            let kind = file.integer(at: place, as: UInt16.self)
            let bytes = Int(file.integer(at: place + 2, as: UInt16.self))
            guard bytes <= extra.upperBound - place - 4 else { break }
            if kind == 1 {
                var next = place + 4
                for index in fields.indices where fields[index] == UInt32.max {
                    guard place + 4 + bytes - next >= 8 else { break }
                    fields[index] = file.integer(at: next, as: UInt64.self)
                    next += 8
                }
                return
            }
            place += 4 + bytes
        }
        throw ZipDirectory.damaged(file, "lacks a zip64 field that an entry asks for")
    }

    /// Returns where the entry's bytes lie: after its own header, whose length may differ from the directory's.
    func range(in file: MappedFile) throws(WeightError) -> Range<Int> {
        let count = UInt64(file.byteCount)
        guard headerStart <= count, count - headerStart >= 30,
            file.integer(at: Int(headerStart), as: UInt32.self) == 0x0403_4B50
        else { throw ZipDirectory.damaged(file, "says that \(name) starts at byte \(headerStart)") }
        let header = Int(headerStart)
        let start =
            header + 30 + Int(file.integer(at: header + 26, as: UInt16.self))
            + Int(file.integer(at: header + 28, as: UInt16.self))
        guard start <= file.byteCount, size <= UInt64(file.byteCount - start) else {
            throw ZipDirectory.damaged(file, "says that \(name) has \(size) bytes from byte \(start) on")
        }
        return start..<start + Int(size)
    }
}
