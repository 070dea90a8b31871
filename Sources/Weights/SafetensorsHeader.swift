import JSON

/// The header of a safetensors file that is being written: what its tensors are, in the order of their bytes.
struct SafetensorsHeader {
    private var entries: [(name: String, type: String, shape: [Int], byteCount: Int)] = []

    mutating func add(_ name: String, type: ElementType, shape: [Int], byteCount: Int) {
        precondition(type.byteCount(ofElements: shape.reduce(1, *)) == byteCount, "a tensor of another size")
        entries.append((name, type.name, shape, byteCount))
    }

    /// All that stands before the tensors' bytes, with `metadata`.
    func bytes(metadata: [(name: String, value: String)]) -> [UInt8] {
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
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
    }
}
