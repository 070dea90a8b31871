import Crypto

/// A SHA-256 hash under way (FIPS 180-4): takes bytes in any pieces.
package struct SHA256 {
    private var hash = Crypto.SHA256()

    /// A hash that has taken nothing.
    package init() {}

    /// Takes `bytes` after all that were taken before.
    package mutating func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    /// Takes `bytes` after all that were taken before.
    package mutating func update(_ bytes: [UInt8]) {
        hash.update(data: bytes)
    }

    /// The digest of all bytes taken.
    package consuming func finish() -> Digest {
        Digest(checked: Array(hash.finalize()))
    }

    /// The digest of pieces that come one after the other.
    package static func digest(of pieces: [[UInt8]]) -> Digest {
        var hash = SHA256()
        for piece in pieces { hash.update(piece) }
        return hash.finish()
    }

    /// The digest of `bytes`.
    package static func digest(of bytes: [UInt8]) -> Digest {
        Digest(checked: Array(Crypto.SHA256.hash(data: bytes)))
    }
}

/// A SHA-256 digest: the name of the bytes that it was made from.
package struct Digest: Sendable, Hashable, CustomStringConvertible {
    static let byteCount = 32

    /// The 32 bytes.
    package let bytes: [UInt8]

    init(checked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The digest that 64 lower-case hexadecimal digits stand for; nil for any other text.
    package init?(_ hexadecimal: some StringProtocol) {
        let digits = Array(hexadecimal.utf8)
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in 0..<Self.byteCount {
            guard let high = Self.value(digits[2 * index]), let low = Self.value(digits[2 * index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    package var description: String {
        String(decoding: bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The first eight digits, for readers.
    package var short: String { String(description.prefix(8)) }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
