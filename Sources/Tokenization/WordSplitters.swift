/// Cuts text into GPT-2's words.
///
/// Its regular expression is:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
struct GPT2Words: Splitter {
    /// Whether every number character is a word of its own, cut off before the expression sees the text.
    var singleNumbers = false

    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        let contraction = text.contraction(at: start, to: end, ignoringCase: false)
        if contraction > 0 { return start + contraction }
        var place = start
        var first = text.character(at: start)
        if text.bytes[start] == 0x20, start + 1 < end {
            let second = text.character(at: start + 1)
            if second.classes != .space, !(singleNumbers && second.classes == .number) {
                place = start + 1
                first = second
            }
        }
        let next = place + first.length
        if !CharacterClasses.letter.isDisjoint(with: first.classes) {
            return text.runEnd(of: .letter, from: next, to: end)
        }
        if first.classes == .space { return text.spaceEnd(from: start, to: end, apart: singleNumbers ? .number : []) }
        if first.classes == .number { return singleNumbers ? next : text.runEnd(of: .number, from: next, to: end) }
        return text.runEnd(of: .sign, from: next, to: end)
    }
}

/// Cuts text into words as OpenAI's later vocabularies do, and the many that follow them.
///
/// The regular expression, with what the settings change in angle brackets:
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?<word>|\p{N}{1,<3>}| ?[^\s\p{L}\p{N}]+[\r\n</>]*
///     |\s*[\r\n]+|\s+(?!\S)|\s+
struct Cl100kWords: Splitter {
    /// Where the English contractions stand.
    enum Contractions: Sendable {
        /// They are words of their own, tried first.
        case words
        /// They are ends of words.
        case endings
        /// They are nothing special.
        case none
    }

    /// What a word of letters is.
    enum Word: Sendable {
        /// `\p{L}+`.
        case letters
        /// `[\p{L}\p{M}]+`; marks do not count as signs then.
        case lettersAndMarks
        /// Capitals only in front: with U = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` and W = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`,
        /// first `U*W+` is tried, then `U+W*`.
        case capitalized
    }

    var contractions = Contractions.words
    var word = Word.letters
    /// How many number characters go together.
    var longestNumber = 3
    /// Whether signs take slashes that follow their line ends.
    var signsTakeSlashes = false

    private static let capitals: CharacterClasses = [.upper, .caseless, .mark]
    private static let smalls: CharacterClasses = [.lower, .caseless, .mark]

    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        if contractions == .words {
            let contraction = text.contraction(at: start, to: end, ignoringCase: true)
            if contraction > 0 { return start + contraction }
        }
        let first = text.character(at: start)
        if let wordEnd = wordEnd(text, start, end, first) {
            guard contractions == .endings, wordEnd < end else { return wordEnd }
            return wordEnd + text.contraction(at: wordEnd, to: end, ignoringCase: true)
        }
        if first.classes == .number { return numberEnd(text, start + first.length, end) }
        let signs: CharacterClasses = word == .lettersAndMarks ? [.punctuation, .symbol, .other] : .sign
        var place = start
        if text.bytes[start] == 0x20, start + 1 < end { place += 1 }
        let signsEnd = text.runEnd(of: signs, from: place, to: end)
        if signsEnd > place {
            place = signsEnd
            while place < end, isLineEnd(text.bytes[place]) || (signsTakeSlashes && text.bytes[place] == 0x2f) {
                place += 1
            }
            return place
        }
        return spaceEnd(text, start, end)
    }

    /// Returns where a word ends with, perhaps, a character that is no letter in front of it; nil where there is none.
    @inline(__always)
    private func wordEnd(
        _ text: ScalarText, _ start: Int, _ end: Int, _ first: (classes: CharacterClasses, length: Int)
    ) -> Int? {
        let letters: CharacterClasses = word == .letters ? .letter : [.letter, .mark]
        let next = start + first.length
        let mayLead = first.classes.isDisjoint(with: [.letter, .number]) && !isLineEnd(text.bytes[start])
        if word == .capitalized { return capitalizedEnd(text, start, next, end, mayLead: mayLead) }
        if !letters.isDisjoint(with: first.classes) { return text.runEnd(of: letters, from: next, to: end) }
        guard mayLead else { return nil }
        let wordEnd = text.runEnd(of: letters, from: next, to: end)
        return wordEnd > next ? wordEnd : nil
    }

    private func capitalizedEnd(_ text: ScalarText, _ start: Int, _ next: Int, _ end: Int, mayLead: Bool) -> Int? {
        if mayLead, let end = smallEnd(text, next, end) { return end }
        if let end = smallEnd(text, start, end) { return end }
        let place = mayLead ? next : start
        let capitalsEnd = text.runEnd(of: Cl100kWords.capitals, from: place, to: end)
        return capitalsEnd > place ? capitalsEnd : nil
    }

    /// Matches `U*W+`, giving back capitals that nothing small follows.
    private func smallEnd(_ text: ScalarText, _ start: Int, _ end: Int) -> Int? {
        var place = start
        var lastSmall: Int?
        while place < end {
            let next = text.character(at: place)
            if Cl100kWords.capitals.isDisjoint(with: next.classes) { break }
            place += next.length
            if next.classes != .upper { lastSmall = place }
        }
        let smallEnd = text.runEnd(of: Cl100kWords.smalls, from: place, to: end)
        return smallEnd > place ? smallEnd : lastSmall
    }

    private func numberEnd(_ text: ScalarText, _ start: Int, _ end: Int) -> Int {
        var place = start
        var count = 1
        while place < end, count < longestNumber {
            let next = text.character(at: place)
            guard next.classes == .number else { break }
            place += next.length
            count += 1
        }
        return place
    }

    /// Matches `\s*[\r\n]+|\s+(?!\S)|\s+`.
    private func spaceEnd(_ text: ScalarText, _ start: Int, _ end: Int) -> Int {
        let runEnd = text.runEnd(of: .space, from: start, to: end)
        var place = runEnd
        while place > start {
            if isLineEnd(text.bytes[place - 1]) { return place }
            place -= 1
        }
        return text.spaceEnd(from: start, to: end)
    }

    @inline(__always)
    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d }
}
