/// Reads one file of `torch.save`: a zip archive of a pickle that names tensors, and their bytes.
///
///     NAME/data.pkl · NAME/data/0 · NAME/data/1 · …
///
/// Format: https://github.com/pytorch/pytorch `torch/serialization.py` (since 1.6). The pickle is not executed: see
/// ``TensorPickle``.
enum PyTorchArchive {
    /// The largest pickle that is read; 10,000 tensors take about 1 MB.
    private static let pickleLimit = 1 << 26

    /// Returns the tensors, each checked against the bytes that are there.
    static func read(_ file: MappedFile) throws(WeightError) -> [Tensor] {
        guard ZipArchive.recognizes(file.elements(at: 0, count: min(4, file.byteCount), as: UInt8.self)) else {
            throw WeightError(
                .unsupported,
                "\(file.name) is not in PyTorch's format since 1.6, a zip archive."
                    + " Use the checkpoint's safetensors or the model's GGUF file.")
        }
        let archive = try ZipArchive(file)
        let pickles = archive.entries.keys.filter { $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1, let pickle = pickles.first, let range = archive.entries[pickle] else {
            throw WeightError(
                .unsupported,
                "\(file.name) is a zip archive with \(pickles.count) entries data.pkl; a PyTorch checkpoint has one.")
        }
        let root = pickle.dropLast("data.pkl".count)
        if let order = archive.entries["\(root)byteorder"], file.text(in: order.prefix(16)) != "little" {
            throw WeightError(
                .unsupported,
                "\(file.name) is of another kind of machine (byte order \(file.text(in: order.prefix(16))))."
                    + " Save the checkpoint again on this one.")
        }
        guard range.count <= pickleLimit else {
            throw WeightError(
                .unsupported,
                "\(pickle) in \(file.name) has \(range.count) bytes; at most \(pickleLimit) are read. The file is damaged."
            )
        }
        var reader = TensorPickle(
            file.elements(at: range.lowerBound, count: range.count, as: UInt8.self), fileName: file.name)
        var tensors: [Tensor] = []
        for (name, record) in try reader.read() {
            tensors.append(try tensor(name, record, archive, "\(root)data/", file))
        }
        return tensors
    }

    private static func tensor(
        _ name: String, _ record: PickledTensor, _ archive: ZipArchive, _ prefix: String, _ file: MappedFile
    ) throws(WeightError) -> Tensor {
        guard let storage = archive.entries[prefix + record.storage.key] else {
            throw WeightError(
                .truncated,
                "\(name) in \(file.name) is in the entry \(prefix)\(record.storage.key), which is not there."
                    + " The file is damaged.")
        }
        var expected = 1
        for (size, stride) in zip(record.shape, record.strides).reversed() {
            guard size == 1 || stride == expected || record.shape.contains(0) else {
                throw WeightError(
                    .unsupported,
                    "\(name) in \(file.name), \(record.shape), is stored with strides \(record.strides); only tensors that"
                        + " lie in one piece are read. Save it after .contiguous().")
            }
            let product = expected.multipliedReportingOverflow(by: size)
            guard !product.overflow else { throw outside(name, record, storage, file) }
            expected = product.partialValue
        }
        let type = record.storage.type
        let start = record.offset.multipliedReportingOverflow(by: type.blockBytes)
        guard let bytes = type.byteCount(ofElements: expected), !start.overflow,
            start.partialValue <= storage.count, bytes <= storage.count - start.partialValue
        else { throw outside(name, record, storage, file) }
        return Tensor(
            name: name, shape: record.shape, type: type, elementCount: expected, byteCount: bytes, file: file,
            start: storage.lowerBound + start.partialValue)
    }

    private static func outside(
        _ name: String, _ record: PickledTensor, _ storage: Range<Int>, _ file: MappedFile
    ) -> WeightError {
        WeightError(
            .truncated,
            "\(name) in \(file.name), \(record.storage.type.name) \(record.shape) from element \(record.offset) on, does"
                + " not fit its \(storage.count) bytes. The file is damaged; download or copy it again.")
    }
}
