/// Builds GGUF files in memory, well-formed or wrong on purpose.
///
/// It writes whatever it is given: a wrong count, offset or type ends up in the file as it is.
package struct GGUFBuilder: Sendable {
    /// A metadata value with its type in the file.
    package indirect enum Value: Sendable {
        case uint8(UInt8)
        case int8(Int8)
        case uint16(UInt16)
        case int16(Int16)
        case uint32(UInt32)
        case int32(Int32)
        case uint64(UInt64)
        case int64(Int64)
        case float32(Float)
        case float64(Double)
        case bool(Bool)
        case string(String)
        /// Elements of one type; an empty array is one of strings.
        case array([Value])
        /// A type number and the bytes after it.
        case raw(type: UInt32, bytes: [UInt8])
    }

    /// One tensor record and its data.
    package struct TensorEntry: Sendable {
        package var name: String
        /// `[outer, …, inner]`.
        package var shape: [UInt64]
        package var type: UInt32
        package var data: [UInt8]
        /// Replaces the offset that follows from the order.
        package var offset: UInt64?
    }

    package var magic: [UInt8] = Array("GGUF".utf8)
    package var version: UInt32 = 3
    package var alignment = 32
    package var pairs: [(key: String, value: Value)] = []
    package var tensors: [TensorEntry] = []
    /// Replaces the number of tensors in the header.
    package var tensorCount: UInt64?
    /// Replaces the number of metadata keys in the header.
    package var pairCount: UInt64?

    /// Makes a builder of a file with nothing in it.
    package init() {}

    /// Adds a metadata key.
    package mutating func add(_ key: String, _ value: Value) { pairs.append((key, value)) }

    /// Adds a tensor of float32 elements.
    package mutating func add(_ name: String, shape: [Int], floats: [Float]) {
        add(name, shape: shape, type: 0, data: floats.flatMap { GGUFBuilder.bytes($0.bitPattern) })
    }

    /// Adds a tensor of any type.
    package mutating func add(
        _ name: String, shape: [Int], type: UInt32, data: [UInt8], offset: UInt64? = nil
    ) {
        tensors.append(
            TensorEntry(name: name, shape: shape.map { UInt64($0) }, type: type, data: data, offset: offset))
    }

    /// Returns the file's bytes.
    package func build() -> [UInt8] {
        var out = magic
        out += GGUFBuilder.bytes(version)
        out += GGUFBuilder.bytes(tensorCount ?? UInt64(tensors.count))
        out += GGUFBuilder.bytes(pairCount ?? UInt64(pairs.count))
        for (key, value) in pairs {
            out += GGUFBuilder.text(key)
            out += GGUFBuilder.bytes(GGUFBuilder.typeNumber(value))
            out += GGUFBuilder.encode(value)
        }
        var data: [UInt8] = []
        for tensor in tensors {
            data += [UInt8](repeating: 0, count: padding(data.count))
            out += GGUFBuilder.text(tensor.name)
            out += GGUFBuilder.bytes(UInt32(tensor.shape.count))
            for dimension in tensor.shape.reversed() { out += GGUFBuilder.bytes(dimension) }
            out += GGUFBuilder.bytes(tensor.type)
            out += GGUFBuilder.bytes(tensor.offset ?? UInt64(data.count))
            data += tensor.data
        }
        guard !tensors.isEmpty else { return out }
        return out + [UInt8](repeating: 0, count: padding(out.count)) + data
    }

    /// Returns the files of the same model split in `count` shards, all metadata in the first.
    package func buildShards(_ count: Int) -> [[UInt8]] {
        (0..<count).map { number in
            var shard = self
            if number > 0 { shard.pairs = [] }
            shard.add("split.no", .uint16(UInt16(number)))
            shard.add("split.count", .uint16(UInt16(count)))
            shard.add("split.tensors.count", .int32(Int32(tensors.count)))
            let share = (tensors.count + count - 1) / count
            shard.tensors = Array(tensors.dropFirst(number * share).prefix(share))
            return shard.build()
        }
    }

    private func padding(_ length: Int) -> Int { (alignment - length % alignment) % alignment }

    private static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func text(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }

    private static func typeNumber(_ value: Value) -> UInt32 {
        switch value {
        case .uint8: 0
        case .int8: 1
        case .uint16: 2
        case .int16: 3
        case .uint32: 4
        case .int32: 5
        case .float32: 6
        case .bool: 7
        case .string: 8
        case .array: 9
        case .uint64: 10
        case .int64: 11
        case .float64: 12
        case .raw(let type, _): type
        }
    }

    private static func encode(_ value: Value) -> [UInt8] {
        switch value {
        case .uint8(let value): bytes(value)
        case .int8(let value): bytes(value)
        case .uint16(let value): bytes(value)
        case .int16(let value): bytes(value)
        case .uint32(let value): bytes(value)
        case .int32(let value): bytes(value)
        case .uint64(let value): bytes(value)
        case .int64(let value): bytes(value)
        case .float32(let value): bytes(value.bitPattern)
        case .float64(let value): bytes(value.bitPattern)
        case .bool(let value): [value ? 1 : 0]
        case .string(let value): text(value)
        case .array(let values):
            bytes(values.first.map { typeNumber($0) } ?? 8) + bytes(UInt64(values.count))
                + values.flatMap { encode($0) }
        case .raw(_, let raw): raw
        }
    }
}
