import Digests
import GRDB

/// A SHA-256 over the values of a row as SQLite keeps them, each after its type and length, so that none can pass for
/// another's part.
struct RecordDigest {
    private var hash = SHA256()

    mutating func add(_ value: DatabaseValue) {
        switch value.storage {
        case .null: add(type: 0, [])
        case .int64(let number): add(type: 1, Self.bytes(number))
        case .double(let number): add(type: 2, Self.bytes(number.bitPattern))
        case .string(let text): add(type: 3, [UInt8](text.utf8))
        case .blob(let bytes): add(type: 4, [UInt8](bytes))
        }
    }

    mutating func add(_ value: (any DatabaseValueConvertible)?) { add(value?.databaseValue ?? .null) }

    consuming func finish() -> [UInt8] { hash.finish().bytes }

    private mutating func add(type: UInt8, _ bytes: [UInt8]) {
        hash.update([type] + Self.bytes(bytes.count))
        hash.update(bytes)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { [UInt8]($0) }
    }
}
