import Foundation

/// What is done to a text before it is cut into words.
struct TextNormalizer: Sendable, Equatable {
    /// Unicode's normalisation forms; the raw values are `tokenizer.json`'s.
    enum Form: String, Sendable {
        case nfc = "NFC"
        case nfd = "NFD"
        case nfkc = "NFKC"
        case nfkd = "NFKD"
    }

    /// Where a space is put in front of a text.
    enum SpacePrefix: Sendable, Equatable {
        case never
        /// At the start and after each special token, whatever is there.
        case always
        /// At the start and after each special token, where there is none yet.
        case unlessPresent
        /// At the start only, where there is none yet.
        case firstUnlessPresent
    }

    /// Where a text stands among the pieces that added tokens cut.
    enum Place: Sendable {
        /// At the start of all.
        case start
        /// After an added token.
        case afterToken
        /// After tokens that were encoded before; it is no beginning of any kind.
        case continuation
    }

    var forms: [Form] = []
    /// Whether `▁` is a space, as in SentencePiece's vocabularies, where spaces are written so.
    var marksSpaces = false
    var prefix = SpacePrefix.never

    /// U+2581, which stands for a space.
    private static let spaceMark: [UInt8] = [0xe2, 0x96, 0x81]

    /// Returns the normalised text, or nil where it is as it should be.
    func normalized(_ text: UnsafeBufferPointer<UInt8>, at place: Place) -> [UInt8]? {
        guard !text.isEmpty else { return nil }
        var result: [UInt8]?
        for form in forms where TextNormalizer.mayChange(text, form) {
            let string = result.map { String(decoding: $0, as: UTF8.self) } ?? String(decoding: text, as: UTF8.self)
            result = Array(TextNormalizer.apply(form, string).utf8)
        }
        if marksSpaces {
            if let changed = result {
                result = changed.withUnsafeBufferPointer { TextNormalizer.unmarked($0) } ?? changed
            } else {
                result = TextNormalizer.unmarked(text)
            }
        }
        let hasSpace = (result?.first ?? text[0]) == 0x20
        let addsSpace =
            switch prefix {
            case .never: false
            case .always: place != .continuation
            case .unlessPresent: place != .continuation && !hasSpace
            case .firstUnlessPresent: place == .start && !hasSpace
            }
        return addsSpace ? [0x20] + (result ?? Array(text)) : result
    }

    /// Returns the bytes that a token is matched as in normalised text.
    func spelling(_ token: String) -> [UInt8] {
        var plain = self
        plain.prefix = .never
        return token.withUTF8Bytes { plain.normalized($0, at: .continuation) ?? Array($0) }
    }

    /// Returns the text with spaces in place of the marks, or nil where there are none.
    static func unmarked(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.contains(spaceMark[0]) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            if text[place] == spaceMark[0], text[place...].starts(with: spaceMark) {
                result.append(0x20)
                place += spaceMark.count
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return result
    }

    /// Tells texts that a form leaves alone from others, quickly: NFC those below U+0300, the others ASCII.
    private static func mayChange(_ text: UnsafeBufferPointer<UInt8>, _ form: Form) -> Bool {
        let limit: UInt8 = form == .nfc ? 0xcc : 0x80
        return text.contains { $0 >= limit }
    }

    private static func apply(_ form: Form, _ text: String) -> String {
        switch form {
        case .nfc: text.precomposedStringWithCanonicalMapping
        case .nfd: text.decomposedStringWithCanonicalMapping
        case .nfkc: text.precomposedStringWithCompatibilityMapping
        case .nfkd: text.decomposedStringWithCompatibilityMapping
        }
    }
}
