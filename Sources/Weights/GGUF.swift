/// Reads GGUF, the weight format of ggml: versions 2 and 3, little-endian, whole or split.
///
///     "GGUF" · version u32 · tensor count u64 · key count u64 · keys · tensor records · padding · tensor data
///
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
enum GGUF: WeightFormat {
    static let name = "GGUF"

    static func recognizes(_ source: WeightSource) -> Bool { source.head.starts(with: "GGUF".utf8) }

    static func open(_ source: WeightSource) throws(WeightError) -> WeightFile {
        let shards = try GGUFSplit.shards(startingAt: try read(source.mappedFile()))
        var tensors: [Tensor] = []
        var names: Set<String> = []
        for shard in shards {
            for tensor in shard.tensors where !names.insert(tensor.name).inserted {
                throw WeightError(
                    .damaged,
                    "The tensor \(tensor.name) in \(tensor.fileName) is there twice. The file is damaged.")
            }
            tensors += shard.tensors
        }
        return WeightFile(
            name: shards[0].file.name, metadata: shards[0].metadata, tensors: tensors,
            byteCount: shards.reduce(0) { $0 + $1.file.byteCount })
    }

    /// What one file holds.
    struct Shard {
        let file: MappedFile
        let metadata: Metadata
        let tensors: [Tensor]
    }

    /// Reads one file: header, metadata and tensor records, each checked against the bytes that are there.
    static func read(_ file: MappedFile) throws(WeightError) -> Shard {
        var reader = ByteReader(file)
        guard try reader.integer(UInt32.self, "The format's name") == 0x4655_4747 else {
            throw WeightError(.unknownFormat, "\(file.path) does not start with GGUF; it is no GGUF file.")
        }
        try checkVersion(try reader.integer(UInt32.self, "The format's version"), file)
        // The least that a record can take: an empty name, no dimensions, type and offset.
        let tensorCount = try reader.count(itemBytes: 8 + 4 + 4 + 8, "The number of tensors")
        let metadata = try readMetadata(&reader)
        var records: [TensorRecord] = []
        // No more than real models have: the count is not proven until the records have been read.
        records.reserveCapacity(min(tensorCount, 1 << 16))
        for number in 0..<tensorCount { records.append(try TensorRecord(&reader, number: number)) }
        let tensors = try place(records, headerEnd: reader.offset, alignment: try alignment(metadata, file), in: file)
        return Shard(file: file, metadata: metadata, tensors: tensors)
    }

    private static func checkVersion(_ version: UInt32, _ file: MappedFile) throws(WeightError) {
        switch version {
        case 2, 3: return
        case 1:
            throw WeightError(
                .unsupported,
                "\(file.name) is GGUF version 1; versions 2 and 3 are read. Convert or download the model again.")
        case _ where (2...3).contains(version.byteSwapped):
            throw WeightError(
                .unsupported,
                "\(file.name) is a big-endian GGUF file, for another kind of machine."
                    + " Download or convert the little-endian form.")
        default:
            throw WeightError(
                .unsupported,
                "\(file.name) says it is GGUF version \(version); versions 2 and 3 are read."
                    + " It is damaged, or newer than this program.")
        }
    }

    private static func alignment(_ metadata: Metadata, _ file: MappedFile) throws(WeightError) -> Int {
        guard metadata["general.alignment"] != nil else { return 32 }
        let alignment = try metadata.requireInt("general.alignment")
        guard alignment >= 8, alignment <= 1 << 24, alignment & (alignment - 1) == 0 else {
            throw WeightError(
                .damaged,
                "general.alignment in \(file.name) is \(alignment); it should be a power of two from 8 to 16777216."
                    + " The file is damaged.")
        }
        return alignment
    }

    /// Turns records into tensors once every one of them lies in the file, aligned, and apart from the others.
    private static func place(
        _ records: [TensorRecord], headerEnd: Int, alignment: Int, in file: MappedFile
    ) throws(WeightError) -> [Tensor] {
        let dataStart = (headerEnd + alignment - 1) / alignment * alignment
        var tensors: [Tensor] = []
        tensors.reserveCapacity(records.count)
        var ranges: [(range: Range<Int>, name: String)] = []
        ranges.reserveCapacity(records.count)
        for record in records {
            guard record.offset % UInt64(alignment) == 0 else {
                throw WeightError(
                    .damaged,
                    "\(record.name) in \(file.name) starts at offset \(record.offset), which is no multiple of the"
                        + " file's alignment \(alignment). The file is damaged.")
            }
            let available = max(0, file.byteCount - dataStart)
            guard record.offset <= UInt64(available), record.byteCount <= available - Int(record.offset) else {
                throw WeightError(
                    .truncated,
                    "\(record.name) in \(file.name) needs \(record.byteCount) bytes at offset \(record.offset) of the"
                        + " tensor data, but the file has only \(available) bytes of it."
                        + " The file is cut short or damaged; download or copy it again.")
            }
            let start = dataStart + Int(record.offset)
            ranges.append((start..<start + record.byteCount, record.name))
            tensors.append(
                Tensor(
                    name: record.name, shape: record.shape, type: record.type, elementCount: record.elementCount,
                    byteCount: record.byteCount, file: file, start: start))
        }
        ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(ranges, ranges.dropFirst()) where first.range.upperBound > second.range.lowerBound {
            throw WeightError(
                .damaged,
                "\(first.name) and \(second.name) in \(file.name) overlap: the first ends at byte"
                    + " \(first.range.upperBound), the second starts at byte \(second.range.lowerBound)."
                    + " The file is damaged.")
        }
        return tensors
    }
}
