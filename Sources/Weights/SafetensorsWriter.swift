import JSON

/// Writes one safetensors file, in memory: what `Safetensors` reads.
package struct SafetensorsWriter {
    private var entries: [(name: String, type: String, shape: [Int], byteCount: Int)] = []
    private var data: [UInt8] = []

    /// A file without tensors.
    package init() {}

    /// Adds a tensor; `shape` is `[outer, …, inner]`, and `bytes` its elements in that order.
    package mutating func add(_ name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
        precondition(type.byteCount(ofElements: shape.reduce(1, *)) == bytes.count, "a tensor of another size")
        entries.append((name, type.name, shape, bytes.count))
        data += bytes
    }

    /// The whole file, with `metadata` in its header.
    package func finish(metadata: [(name: String, value: String)]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("__metadata__")
        json.beginObject()
        for (name, value) in metadata { json.field(name, value) }
        json.endObject()
        var start = 0
        for entry in entries {
            json.key(entry.name)
            json.beginObject()
            json.field("dtype", entry.type)
            json.field("shape", entry.shape)
            json.field("data_offsets", [start, start + entry.byteCount])
            json.endObject()
            start += entry.byteCount
        }
        json.endObject()
        var header = json.drain()
        // Spaces, so that the data are aligned as the mapped file is.
        header += Array(repeating: 0x20, count: (64 - (8 + header.count) % 64) % 64)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return length + header + data
    }
}
