/// Where a key of vi's normal mode leads.
enum ViMotion: Sendable, Equatable {
    case left, right, lineStart, firstNonBlank, lineEnd, firstLine, lastLine
    /// To the next word's beginning, this one's end, or back to a beginning; big words are what blanks divide.
    case wordForward(isBig: Bool), wordEnd(isBig: Bool), wordBack(isBig: Bool)
    /// `f`, `t`, `F` or `T` and what it looks for in the line.
    case search(Character, Character)

    init?(_ character: Character) {
        switch character {
        case "h", "\u{7F}": self = .left
        case "l", " ": self = .right
        case "0": self = .lineStart
        case "^": self = .firstNonBlank
        case "$": self = .lineEnd
        case "w", "W": self = .wordForward(isBig: character == "W")
        case "e", "E": self = .wordEnd(isBig: character == "E")
        case "b", "B": self = .wordBack(isBig: character == "B")
        case "G": self = .lastLine
        default: return nil
        }
    }

    /// Where the cursor goes; nil where there is no such place.
    func target(in buffer: EditBuffer, times: Int) -> Int? {
        let elements = buffer.elements
        let (start, end) = (buffer.lineStart, buffer.lineEnd)
        switch self {
        case .left: return max(start, buffer.cursor - times)
        case .right: return min(end, buffer.cursor + times)
        case .lineStart: return start
        case .firstNonBlank: return elements[start..<end].firstIndex { !$0.isBlank } ?? end
        case .lineEnd: return buffer.end(ofLines: times)
        case .firstLine: return 0
        case .lastLine: return (elements.lastIndex { $0.isNewline } ?? -1) + 1
        case .wordForward(let isBig): return repeated(times, from: buffer.cursor) { nextWord($0, elements, isBig) }
        case .wordEnd(let isBig): return repeated(times, from: buffer.cursor) { endOfWord($0, elements, isBig) }
        case .wordBack(let isBig): return repeated(times, from: buffer.cursor) { wordBefore($0, elements, isBig) }
        case .search(let kind, let wanted): return found(wanted, kind, times, in: buffer)
        }
    }

    /// What an operator takes.
    ///
    /// - Parameter changes: Whether it is the operator that types anew, which leaves the blanks behind a word.
    func range(in buffer: EditBuffer, times: Int, changes: Bool) -> Range<Int>? {
        let here = buffer.cursor
        if case .wordForward(let isBig) = self, changes, here < buffer.elements.count, !buffer.elements[here].isBlank {
            return Self.upToEnd(of: isBig, in: buffer, times: times)
        }
        guard var target = target(in: buffer, times: times) else { return nil }
        switch self {
        case .wordForward:
            // The last word of a line ends with the line.
            if times == 1, here < buffer.lineEnd { target = min(target, buffer.lineEnd) }
        case .wordEnd: target = min(target + 1, buffer.elements.count)
        case .search(let kind, _) where kind == "f" || kind == "t": target += 1
        default: break
        }
        return target < here ? target..<here : here..<target
    }

    private static func upToEnd(of isBig: Bool, in buffer: EditBuffer, times: Int) -> Range<Int>? {
        let elements = buffer.elements
        let motion = ViMotion.wordEnd(isBig: isBig)
        // On a word's last character that word ends here.
        let here = buffer.cursor
        let isLast = here + 1 == elements.count || kind(elements[here + 1], isBig) != kind(elements[here], isBig)
        var end = here
        for _ in 0..<(isLast ? times - 1 : times) { end = motion.endOfWord(end, elements, isBig) }
        return here..<min(end + 1, elements.count)
    }

    private func repeated(_ times: Int, from place: Int, _ step: (Int) -> Int) -> Int {
        var place = place
        for _ in 0..<times {
            let next = step(place)
            if next == place { break }
            place = next
        }
        return place
    }

    private enum Kind {
        case blank, word, mark
    }

    private static func kind(_ element: EditBuffer.Element, _ isBig: Bool) -> Kind {
        element.isBlank ? .blank : isBig || element.isWordPart ? .word : .mark
    }

    private func nextWord(_ place: Int, _ elements: [EditBuffer.Element], _ isBig: Bool) -> Int {
        var place = place
        guard place < elements.count else { return place }
        let begun = Self.kind(elements[place], isBig)
        while begun != .blank, place < elements.count, Self.kind(elements[place], isBig) == begun { place += 1 }
        while place < elements.count, elements[place].isBlank { place += 1 }
        return place
    }

    private func endOfWord(_ place: Int, _ elements: [EditBuffer.Element], _ isBig: Bool) -> Int {
        var next = place + 1
        while next < elements.count, elements[next].isBlank { next += 1 }
        guard next < elements.count else { return max(place, elements.count - 1) }
        while next + 1 < elements.count, Self.kind(elements[next + 1], isBig) == Self.kind(elements[next], isBig) {
            next += 1
        }
        return next
    }

    private func wordBefore(_ place: Int, _ elements: [EditBuffer.Element], _ isBig: Bool) -> Int {
        var before = place - 1
        while before >= 0, elements[before].isBlank { before -= 1 }
        guard before >= 0 else { return 0 }
        while before > 0, Self.kind(elements[before - 1], isBig) == Self.kind(elements[before], isBig) { before -= 1 }
        return before
    }

    /// The `times`th place of a character in the line, or beside it for `t` and `T`.
    private func found(_ wanted: Character, _ kind: Character, _ times: Int, in buffer: EditBuffer) -> Int? {
        let isForward = kind == "f" || kind == "t"
        let places =
            isForward
            ? Array(min(buffer.cursor + 1, buffer.lineEnd)..<buffer.lineEnd)
            : (buffer.lineStart..<buffer.cursor).reversed()
        let matches = places.filter { buffer.elements[$0] == .character(wanted) }
        guard let place = matches.dropFirst(times - 1).first else { return nil }
        switch kind {
        case "t": return place - 1
        case "T": return place + 1
        default: return place
        }
    }
}
