import JSON

/// One safetensors file that is no model: its tensors, and the texts in its header.
package struct SafetensorsFile: Sendable {
    /// The file's name, for messages.
    package let name: String
    package let byteCount: Int
    /// `__metadata__`.
    package let metadata: [String: String]
    /// In the order of the header.
    package let tensors: [Tensor]

    /// Maps and checks the file at `path`.
    package init(_ path: String) throws(WeightError) {
        let file = try MappedFile.open(path)
        name = file.name
        byteCount = file.byteCount
        guard Safetensors.recognizes(file.elements(at: 0, count: min(64, file.byteCount), as: UInt8.self)) else {
            throw WeightError(.unknownFormat, "\(path) does not start like a safetensors file.")
        }
        let content = try Safetensors.content(file)
        tensors = content.tensors
        metadata = Dictionary(
            (content.metadata ?? []).compactMap { entry in entry.value.string.map { (entry.name, $0) } },
            uniquingKeysWith: { _, last in last })
    }
}
