/// Writes one safetensors file, in memory: what `Safetensors` reads.
package struct SafetensorsWriter {
    private var header = SafetensorsHeader()
    /// The tensors' bytes, which are copied once, when it is known how many they are.
    private var data: [[UInt8]] = []

    /// A file without tensors.
    package init() {}

    /// Adds a tensor; `shape` is `[outer, …, inner]`, and `bytes` its elements in that order.
    package mutating func add(_ name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
        header.add(name, type: type, shape: shape, byteCount: bytes.count)
        data.append(bytes)
    }

    /// The whole file, with `metadata` in its header.
    package func finish(metadata: [(name: String, value: String)]) -> [UInt8] {
        var file = header.bytes(metadata: metadata)
        file.reserveCapacity(file.count + data.reduce(0) { $0 + $1.count })
        for bytes in data { file += bytes }
        return file
    }
}
