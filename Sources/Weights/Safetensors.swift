import JSON

/// Reads one safetensors file: a JSON header that places tensors in the bytes after it.
///
///     header length u64 · header · tensor data
///
/// Format: https://github.com/huggingface/safetensors (README, "Format").
enum Safetensors {
    /// The longest header that the format allows.
    private static let headerLimit = 100_000_000

    /// Returns whether a file starts like safetensors: a length that leaves its upper bytes 0, and an opening brace.
    static func recognizes(_ head: [UInt8]) -> Bool {
        head.count > 9 && head[8] == UInt8(ascii: "{") && head[4...7].allSatisfy { $0 == 0 }
    }

    /// Reads the header and returns the tensors, each checked against the bytes that are there.
    static func read(_ file: MappedFile) throws(WeightError) -> [Tensor] {
        try content(file).tensors
    }

    /// Reads the header and returns its texts and the tensors.
    static func content(
        _ file: MappedFile
    ) throws(WeightError) -> (metadata: [(name: String, value: JSONValue)]?, tensors: [Tensor]) {
        guard file.byteCount >= 8 else { throw truncated(file, "the header's length takes 8 bytes") }
        let length = file.integer(at: 0, as: UInt64.self)
        guard length <= headerLimit else {
            throw WeightError(
                .damaged,
                "\(file.name) says that its header takes \(length) bytes; safetensors allow \(headerLimit)."
                    + " The file is damaged.")
        }
        guard length <= file.byteCount - 8 else { throw truncated(file, "its header ends at byte \(8 + length)") }
        let header: JSONValue
        do {
            header = try JSONValue(parsing: file.elements(at: 8, count: Int(length), as: UInt8.self))
        } catch {
            throw WeightError(
                .damaged, "The header of \(file.name) is no JSON. The file is damaged; download or copy it again.",
                cause: error)
        }
        guard let members = header.object else {
            throw WeightError(.damaged, "The header of \(file.name) is no JSON object. The file is damaged.")
        }
        var tensors: [Tensor] = []
        tensors.reserveCapacity(members.count)
        var ranges: [(range: Range<Int>, name: String)] = []
        var names: Set<String> = []
        for (name, value) in members where name != "__metadata__" {
            guard names.insert(name).inserted else {
                throw WeightError(
                    .damaged, "The tensor \(name) in \(file.name) is there twice. The file is damaged.")
            }
            let record = try SafetensorsRecord(name, value, file, dataStart: 8 + Int(length))
            ranges.append((record.start..<record.start + record.byteCount, name))
            tensors.append(record.tensor(in: file))
        }
        try checkApart(ranges, file)
        return (header["__metadata__"]?.object, tensors)
    }

    static func truncated(_ file: MappedFile, _ what: String) -> WeightError {
        WeightError(
            .truncated,
            "\(file.name) ends at byte \(file.byteCount), but \(what)."
                + " The file is cut short or damaged; download or copy it again.")
    }

    private static func checkApart(
        _ unsorted: [(range: Range<Int>, name: String)], _ file: MappedFile
    ) throws(WeightError) {
        let ranges = unsorted.filter { !$0.range.isEmpty }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(ranges, ranges.dropFirst()) where first.range.upperBound > second.range.lowerBound {
            throw WeightError(
                .damaged,
                "\(first.name) and \(second.name) in \(file.name) overlap: the first ends at byte"
                    + " \(first.range.upperBound), the second starts at byte \(second.range.lowerBound)."
                    + " The file is damaged.")
        }
    }
}

/// What the header says of one tensor, checked against its file.
private struct SafetensorsRecord {
    let name: String
    let shape: [Int]
    let type: ElementType
    let elementCount: Int
    let byteCount: Int
    /// From the start of the file.
    let start: Int

    init(_ name: String, _ value: JSONValue, _ file: MappedFile, dataStart: Int) throws(WeightError) {
        guard let typeName = value["dtype"]?.string,
            let shape = Self.sizes(value["shape"]), let offsets = Self.sizes(value["data_offsets"]), offsets.count == 2
        else {
            throw WeightError(
                .damaged,
                "\(name) in \(file.name) has no dtype, shape and data_offsets as safetensors need them."
                    + " The file is damaged.")
        }
        guard let type = Self.types[typeName] else {
            throw WeightError(
                .unsupported,
                "\(name) in \(file.name) is stored as \(typeName.prefix(20)), which this program does not read."
                    + " Use a checkpoint in F32, F16 or BF16, or the model's GGUF file.")
        }
        var count = 1
        for size in shape {
            let product = count.multipliedReportingOverflow(by: size)
            guard !product.overflow else {
                throw Self.wrong(name, "the shape \(shape), whose product is too large", file)
            }
            count = product.partialValue
        }
        guard let bytes = type.byteCount(ofElements: count) else {
            throw Self.wrong(name, "the shape \(shape), whose product is too large", file)
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin <= end, end - begin == bytes else {
            throw Self.wrong(name, "\(typeName) \(shape), \(bytes) bytes, at data_offsets \(offsets)", file)
        }
        guard end <= file.byteCount - dataStart else {
            throw Safetensors.truncated(file, "\(name) is said to end at byte \(end) after the header's \(dataStart)")
        }
        (self.name, self.shape, self.type) = (name, shape, type)
        (elementCount, byteCount, start) = (count, bytes, dataStart + begin)
    }

    func tensor(in file: MappedFile) -> Tensor {
        Tensor(
            name: name, shape: shape, type: type, elementCount: elementCount, byteCount: byteCount, file: file,
            start: start)
    }

    private static func sizes(_ value: JSONValue?) -> [Int]? {
        guard let items = value?.array else { return nil }
        let sizes = items.compactMap { if case .int(let size) = $0, size >= 0 { size } else { nil } }
        return sizes.count == items.count ? sizes : nil
    }

    private static func wrong(_ name: String, _ what: String, _ file: MappedFile) -> WeightError {
        WeightError(.damaged, "\(name) in \(file.name) has \(what), which can't be. The file is damaged.")
    }

    /// Masks and counters come in the integer types; no weight that we read does, so that unsigned ones pass as signed.
    private static let types: [String: ElementType] = [
        "F64": .f64, "F32": .f32, "F16": .f16, "BF16": .bf16, "I64": .i64, "I32": .i32, "I16": .i16, "I8": .i8,
        "U64": .i64, "U32": .i32, "U16": .i16, "U8": .i8, "BOOL": .i8,
    ]
}
