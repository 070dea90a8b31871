/// Writes one safetensors file, in memory: what `Safetensors` reads.
package struct SafetensorsWriter {
    private var header = SafetensorsHeader()
    /// The tensors' bytes.
    private var data: [[UInt8]] = []

    /// A file without tensors.
    package init() {}

    /// Adds a tensor; `shape` is `[outer, …, inner]`, and `bytes` its elements in that order.
    package mutating func add(_ name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
        header.add(name, type: type, shape: shape, byteCount: bytes.count)
        data.append(bytes)
    }

    /// The whole file, with `metadata` in its header: pieces that come one after the other.
    package func finish(metadata: [(name: String, value: String)]) -> [[UInt8]] {
        [header.bytes(metadata: metadata)] + data
    }
}
