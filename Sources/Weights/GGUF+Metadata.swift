extension GGUF {
    /// How deep arrays may lie in arrays; no known file has any at all.
    private static let deepestArray = 4

    /// Reads the count of keys and then the keys with their values.
    static func readMetadata(_ reader: inout ByteReader) throws(WeightError) -> Metadata {
        // The least that a pair can take: an empty key, its type, one byte.
        let count = try reader.count(itemBytes: 8 + 4 + 1, "The number of metadata keys")
        var pairs: [(key: String, value: MetadataValue)] = []
        pairs.reserveCapacity(min(count, 1 << 10))
        var seen: Set<String> = []
        for number in 0..<count {
            let key = try reader.text("The name of metadata key \(number + 1) of \(count)")
            guard seen.insert(key).inserted else {
                throw WeightError(
                    .damaged, "The metadata key \(key) in \(reader.file.name) is there twice. The file is damaged.")
            }
            let type = try valueType(&reader, of: key)
            pairs.append((key, try readValue(&reader, type, of: key)))
        }
        return Metadata(pairs, fileName: reader.file.name)
    }

    /// The types of metadata values, with the format's numbers.
    private enum ValueType: UInt32 {
        case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

        /// The least bytes that a value takes.
        var bytes: Int {
            switch self {
            case .uint8, .int8, .bool: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .string, .uint64, .int64, .float64: 8
            case .array: 12
            }
        }
    }

    private static func valueType(_ reader: inout ByteReader, of key: String) throws(WeightError) -> ValueType {
        let number = try reader.integer(UInt32.self, "The type of \(key)")
        guard let type = ValueType(rawValue: number) else {
            throw WeightError(
                .damaged,
                "\(key) in \(reader.file.name) is of type \(number); GGUF has the types 0 to 12. The file is damaged.")
        }
        return type
    }

    private static func readValue(
        _ reader: inout ByteReader, _ type: ValueType, of key: String, depth: Int = 0
    ) throws(WeightError) -> MetadataValue {
        switch type {
        case .uint8: return .integer(Int64(try reader.integer(UInt8.self, key)))
        case .int8: return .integer(Int64(try reader.integer(Int8.self, key)))
        case .uint16: return .integer(Int64(try reader.integer(UInt16.self, key)))
        case .int16: return .integer(Int64(try reader.integer(Int16.self, key)))
        case .uint32: return .integer(Int64(try reader.integer(UInt32.self, key)))
        case .int32: return .integer(Int64(try reader.integer(Int32.self, key)))
        case .int64: return .integer(try reader.integer(Int64.self, key))
        case .uint64:
            let value = try reader.integer(UInt64.self, key)
            return Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
        case .float32: return .double(Double(Float(bitPattern: try reader.integer(UInt32.self, key))))
        case .float64: return .double(Double(bitPattern: try reader.integer(UInt64.self, key)))
        case .bool: return .bool(try checkedBool(try reader.integer(UInt8.self, key), key, reader.file))
        case .string: return .string(try reader.text(key))
        case .array: return try readArray(&reader, of: key, depth: depth)
        }
    }

    private static func readArray(
        _ reader: inout ByteReader, of key: String, depth: Int
    ) throws(WeightError) -> MetadataValue {
        guard depth < deepestArray else {
            throw WeightError(
                .unsupported,
                "\(key) in \(reader.file.name) holds arrays more than \(deepestArray) deep. The file is damaged.")
        }
        let type = try valueType(&reader, of: key)
        let count = try reader.count(itemBytes: type.bytes, "The length of \(key)")
        try reader.claim(count, key)
        switch type {
        case .string:
            var values: [String] = []
            values.reserveCapacity(count)
            for _ in 0..<count { values.append(try reader.text("An element of \(key)")) }
            return .strings(values)
        case .array:
            var values: [MetadataValue] = []
            for _ in 0..<count { values.append(try readArray(&reader, of: key, depth: depth + 1)) }
            return .array(values)
        default:
            let start = try reader.skip(count * type.bytes, key)
            return try numbers(reader.file, at: start, count: count, type, of: key)
        }
    }

    private static func numbers(
        _ file: MappedFile, at start: Int, count: Int, _ type: ValueType, of key: String
    ) throws(WeightError) -> MetadataValue {
        func integers<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> MetadataValue {
            .integers(file.elements(at: start, count: count, as: T.self).map { Int64(T(littleEndian: $0)) })
        }
        switch type {
        case .uint8: return integers(UInt8.self)
        case .int8: return integers(Int8.self)
        case .uint16: return integers(UInt16.self)
        case .int16: return integers(Int16.self)
        case .uint32: return integers(UInt32.self)
        case .int32: return integers(Int32.self)
        case .int64: return integers(Int64.self)
        case .uint64:
            let values = file.elements(at: start, count: count, as: UInt64.self).map { UInt64(littleEndian: $0) }
            let signed = values.compactMap { Int64(exactly: $0) }
            guard signed.count < count else { return .integers(signed) }
            return .array(values.map { value in Int64(exactly: value).map { .integer($0) } ?? .unsigned(value) })
        case .float32:
            let bits = file.elements(at: start, count: count, as: UInt32.self)
            return .doubles(bits.map { Double(Float(bitPattern: UInt32(littleEndian: $0))) })
        case .float64:
            let bits = file.elements(at: start, count: count, as: UInt64.self)
            return .doubles(bits.map { Double(bitPattern: UInt64(littleEndian: $0)) })
        case .bool:
            var values: [Bool] = []
            values.reserveCapacity(count)
            for byte in file.elements(at: start, count: count, as: UInt8.self) {
                values.append(try checkedBool(byte, key, file))
            }
            return .bools(values)
        case .string, .array: preconditionFailure("texts and arrays are read one by one")
        }
    }

    private static func checkedBool(_ byte: UInt8, _ key: String, _ file: MappedFile) throws(WeightError) -> Bool {
        guard byte <= 1 else {
            throw WeightError(
                .damaged, "\(key) in \(file.name) is a boolean stored as \(byte), not 0 or 1. The file is damaged.")
        }
        return byte == 1
    }
}
