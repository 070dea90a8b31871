import GRDB

/// Cuts texts into words for the index: as `unicode61` does, and where a script is written without spaces, each character
/// is a word, so that any part of a sentence can be found.
///
/// Words that are looked for are cut likewise: several characters in a row are a phrase.
final class WordTokenizer: FTS5CustomTokenizer {
    static let name = "hiss_words"

    /// What a call of the other tokenizer passes on.
    private struct Passage {
        var context: UnsafeMutableRawPointer?
        var callback: FTS5TokenCallback
        /// Where the piece begins that it cuts.
        var offset: CInt
    }

    private let words: any FTS5Tokenizer

    init(db: Database, arguments: [String]) throws {
        words = try db.makeTokenizer(.unicode61(diacritics: .remove))
    }

    func tokenize(
        context: UnsafeMutableRawPointer?, tokenization: FTS5Tokenization, pText: UnsafePointer<CChar>?, nText: CInt,
        tokenCallback: @escaping FTS5TokenCallback
    ) -> CInt {
        guard let pText else { return 0 }
        let text = UnsafeRawBufferPointer(start: pText, count: Int(nText))
        /// Cuts what is between two places as `unicode61` does.
        func cut(_ start: Int, _ end: Int) -> CInt {
            guard start < end else { return 0 }
            var passage = Passage(context: context, callback: tokenCallback, offset: CInt(start))
            return words.tokenize(
                context: &passage, tokenization: tokenization, pText: pText + start, nText: CInt(end - start)
            ) { context, flags, token, count, start, end in
                guard let passage = context?.assumingMemoryBound(to: Passage.self).pointee else { return 1 }
                return passage.callback(
                    passage.context, flags, token, count, start + passage.offset, end + passage.offset)
            }
        }
        var (place, start) = (0, 0)
        while place < text.count {
            let length = Self.lengthOfWord(text, at: place)
            guard length > 0 else {
                place += 1
                continue
            }
            var code = cut(start, place)
            if code == 0 {
                code = tokenCallback(context, 0, pText + place, CInt(length), CInt(place), CInt(place + length))
            }
            guard code == 0 else { return code }
            place += length
            start = place
        }
        return cut(start, text.count)
    }

    /// The bytes of the character there if it is a word by itself, else 0.
    private static func lengthOfWord(_ text: UnsafeRawBufferPointer, at place: Int) -> Int {
        let length = text[place] >= 0xF0 ? 4 : text[place] >= 0xE0 ? 3 : 0
        guard length > 0, place + length <= text.count else { return 0 }
        let lead = UInt32(text[place]) & (length == 4 ? 0x07 : 0x0F)
        let scalar = text[place + 1..<place + length].reduce(lead) { $0 << 6 | UInt32($1) & 0x3F }
        return isWord(scalar) ? length : 0
    }

    /// Whether a scalar is of a script without spaces: Thai, Lao, Burmese, Khmer, kana, and Chinese characters.
    private static func isWord(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x30FB, 0xFF65: false  // Dots between words.
        case 0x0E01...0x0EDF, 0x1000...0x109F, 0x1780...0x17D3, 0x2E80...0x2FDF, 0x3005...0x3007, 0x3041...0x30FF,
            0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x323AF:
            true
        default: false
        }
    }
}
