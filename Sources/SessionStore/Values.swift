import Foundation
import GRDB

/// A text as SQLite takes it: a blob where it has a zero byte, at which a text of SQLite's would end.
struct StoredText: DatabaseValueConvertible {
    var text: String

    init(_ text: String) { self.text = text }

    var databaseValue: DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> StoredText? {
        switch value.storage {
        case .string(let text): StoredText(text)
        // Bytes that are no UTF-8 are damage, which must not pass for text.
        case .blob(let bytes): String(validating: bytes, as: UTF8.self).map { StoredText($0) }
        default: nil
        }
    }
}

extension Row {
    /// The value of a column; null where the table of a damaged database has none of that name.
    func stored(_ name: String) -> DatabaseValue {
        let value: (any DatabaseValueConvertible)? = self[name]
        return value?.databaseValue ?? .null
    }

    /// The value of a column; nil for null, and for one of another type, which GRDB's own reading would trap at.
    func read<Value: DatabaseValueConvertible>(_ name: String, _: Value.Type = Value.self) -> Value? {
        Value.fromDatabaseValue(stored(name))
    }
}

extension [Int32] {
    /// The numbers as little-endian bytes, four each.
    var stored: Data {
        var bytes = Data(capacity: 4 * count)
        for number in self { Swift.withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// The numbers that `stored` stands for; nil if their bytes don't come out even.
    init?(stored: Data) {
        guard stored.count.isMultiple(of: 4) else { return nil }
        let bytes = [UInt8](stored)
        self = stride(from: 0, to: bytes.count, by: 4).map { first in
            bytes[first..<first + 4].reversed().reduce(Int32(0)) { $0 << 8 | Int32($1) }
        }
    }
}
