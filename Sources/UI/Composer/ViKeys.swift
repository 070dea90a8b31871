/// vi's way of editing the composer's text: two modes, counts, operators and motions.
struct ViKeys: Sendable {
    enum Mode: Sendable, Equatable {
        case insert, normal
    }

    /// What a key of normal mode came to.
    enum Outcome: Sendable, Equatable {
        /// The text or the place in it has changed, or more keys are needed.
        case done
        /// Up or down so many rows, which past the first and the last are lines sent before.
        case up(Int), down(Int)
        /// A command is to be written on the empty line.
        case command
        /// The key means nothing.
        case nothing
    }

    private enum Operator: Character, Sendable {
        case delete = "d"
        case change = "c"
        case yank = "y"
    }

    /// What takes the next character as it is.
    private enum Awaiting: Sendable, Equatable {
        case replacement
        /// `f`, `t`, `F` or `T`.
        case search(Character)
        /// The second `g` of `gg`.
        case go
    }

    /// What `.` does again: the keys of a change without its counts, and what was typed then.
    private struct Change: Sendable {
        var keys: [Character]
        /// The change's counts together, if it had any.
        var count: Int?
        var typed = ""
    }

    private(set) var mode = Mode.insert
    private var lastChange: Change?
    /// The change that is being made: its keys come one by one, and what is typed ends with Esc.
    private var change = Change(keys: [])
    /// Where the text that is typed begins, and how many characters stand behind it.
    private var typing: (start: Int, behind: Int)?
    private var count: Int?
    private var pendingOperator: (name: Operator, count: Int)?
    private var awaiting: Awaiting?

    /// A count is cut here: nothing that is written is so long.
    private static let largestCount = 9999

    /// Whether a count or an operator waits for what belongs to it.
    var isPending: Bool { count != nil || pendingOperator != nil || awaiting != nil }

    /// Forgets a count and an operator.
    mutating func cancel() {
        count = nil
        pendingOperator = nil
        awaiting = nil
    }

    /// Begins to type, as after a line was sent.
    mutating func insert() {
        cancel()
        mode = .insert
        typing = nil
    }

    /// Esc in insert mode.
    mutating func leaveInsert(in buffer: inout EditBuffer) {
        mode = .normal
        if let (start, behind) = typing, let lastChange {
            let end = buffer.elements.count - behind
            let typed = start < end ? buffer.elements[start..<end].map(\.text).joined() : ""
            self.lastChange = Change(keys: lastChange.keys, count: lastChange.count, typed: typed)
        }
        typing = nil
        if buffer.cursor > buffer.lineStart { buffer.move(to: buffer.cursor - 1) }
    }

    /// Takes a key of normal mode that types a character.
    mutating func press(_ character: Character, in buffer: inout EditBuffer) -> Outcome {
        if character == ".", awaiting == nil, pendingOperator == nil { return repeatChange(in: &buffer) }
        let outcome = note(character, in: &buffer)
        if mode == .normal { Self.stayOnLine(&buffer) }
        return outcome
    }

    /// ^R in normal mode.
    mutating func redo(in buffer: inout EditBuffer) {
        for _ in 0..<(count ?? 1) { buffer.redo() }
        cancel()
        Self.stayOnLine(&buffer)
    }

    /// Takes a key, and notes it for `.` where it is part of a change.
    private mutating func note(_ character: Character, in buffer: inout EditBuffer) -> Outcome {
        if !isPending { change = Change(keys: []) }
        let isCount = awaiting == nil && character.isASCII && character.isNumber && (character != "0" || count != nil)
        if !isCount {
            if awaiting == nil, let count { change.count = (change.count ?? 1) * count }
            change.keys.append(character)
        }
        let version = buffer.version
        let outcome = take(character, in: &buffer)
        guard !isPending else { return outcome }
        let isUndo = change.keys == ["u"]
        if mode == .insert, outcome != .command {
            lastChange = change
            typing = (buffer.cursor, buffer.elements.count - buffer.cursor)
        } else if outcome == .done, buffer.version != version, !isUndo {
            lastChange = change
        }
        return outcome
    }

    /// `.`: makes the last change again; a count takes the place of its own.
    private mutating func repeatChange(in buffer: inout EditBuffer) -> Outcome {
        let count = count
        cancel()
        guard let last = lastChange else { return .nothing }
        self.count = (count ?? last.count).map { min($0, Self.largestCount) }
        var outcome = Outcome.nothing
        for key in last.keys { outcome = take(key, in: &buffer) }
        cancel()
        if mode == .insert {
            buffer.replace(buffer.cursor..<buffer.cursor, with: last.typed)
            mode = .normal
            if buffer.cursor > buffer.lineStart { buffer.move(to: buffer.cursor - 1) }
        }
        lastChange = Change(keys: last.keys, count: count ?? last.count, typed: last.typed)
        Self.stayOnLine(&buffer)
        return outcome == .nothing ? .nothing : .done
    }

    /// In normal mode the cursor stands on a character, where the line has one.
    static func stayOnLine(_ buffer: inout EditBuffer) {
        if buffer.cursor == buffer.lineEnd, buffer.cursor > buffer.lineStart { buffer.move(to: buffer.cursor - 1) }
    }

    private mutating func take(_ character: Character, in buffer: inout EditBuffer) -> Outcome {
        if let what = awaiting { return finish(what, character, in: &buffer) }
        if let digit = character.wholeNumberValue, character.isASCII, digit > 0 || count != nil {
            count = min(Self.largestCount, (count ?? 0) * 10 + digit)
            return .done
        }
        if let waiting = pendingOperator, character == waiting.name.rawValue {
            let lines = waiting.count * (count ?? 1)
            cancel()
            apply(waiting.name, toLines: lines, in: &buffer)
            return .done
        }
        if pendingOperator == nil, let name = Operator(rawValue: character) {
            pendingOperator = (name, count ?? 1)
            count = nil
            return .done
        }
        switch character {
        case "f", "t", "F", "T":
            awaiting = .search(character)
            return .done
        case "g":
            awaiting = .go
            return .done
        case "r" where pendingOperator == nil:
            awaiting = .replacement
            return .done
        case "j", "k": return moveByLine(character == "j" ? 1 : -1, in: &buffer)
        default: break
        }
        if let motion = ViMotion(character) { return move(motion, in: &buffer) }
        let times = count ?? 1
        let isOperator = pendingOperator != nil
        cancel()
        return isOperator ? .nothing : change(character, times, in: &buffer)
    }

    /// Takes the character that `f`, `r` or `g` has waited for.
    private mutating func finish(_ what: Awaiting, _ character: Character, in buffer: inout EditBuffer) -> Outcome {
        awaiting = nil
        switch what {
        case .search(let kind): return move(.search(kind, character), in: &buffer)
        case .go where character == "g": return move(.firstLine, in: &buffer)
        case .go:
            cancel()
            return .nothing
        case .replacement:
            let times = count ?? 1
            cancel()
            guard buffer.cursor + times <= buffer.lineEnd else { return .nothing }
            buffer.replace(buffer.cursor..<buffer.cursor + times, with: String(repeating: character, count: times))
            buffer.move(to: buffer.cursor - 1)
            return .done
        }
    }

    /// Goes where a motion leads, or does to the text up to there what an operator says.
    private mutating func move(_ motion: ViMotion, in buffer: inout EditBuffer) -> Outcome {
        let times = (pendingOperator?.count ?? 1) * (count ?? 1)
        let waiting = pendingOperator?.name
        cancel()
        guard let waiting else {
            guard let target = motion.target(in: buffer, times: times) else { return .nothing }
            buffer.move(to: target)
            return .done
        }
        guard let range = motion.range(in: buffer, times: times, changes: waiting == .change) else { return .nothing }
        switch waiting {
        case .delete: buffer.cut(range)
        case .change:
            buffer.cut(range)
            mode = .insert
        case .yank:
            buffer.copy(range)
            buffer.move(to: range.lowerBound)
        }
        return .done
    }

    private mutating func moveByLine(_ direction: Int, in buffer: inout EditBuffer) -> Outcome {
        let times = (pendingOperator?.count ?? 1) * (count ?? 1)
        let waiting = pendingOperator?.name
        cancel()
        guard let waiting else { return direction > 0 ? .down(times) : .up(times) }
        if direction < 0 {
            for _ in 0..<times where buffer.lineStart > 0 { buffer.move(to: buffer.lineStart - 1) }
        }
        apply(waiting, toLines: times + 1, in: &buffer)
        return .done
    }

    /// Does what an operator says to so many whole lines.
    private mutating func apply(_ name: Operator, toLines lines: Int, in buffer: inout EditBuffer) {
        let start = buffer.lineStart
        let range = start..<buffer.end(ofLines: lines)
        switch name {
        case .delete: buffer.cutLines(range)
        case .yank: buffer.copy(range, asLines: true)
        case .change:
            buffer.cut(range, asLines: true)
            mode = .insert
        }
    }

    /// What single letters do.
    private mutating func change(_ character: Character, _ times: Int, in buffer: inout EditBuffer) -> Outcome {
        let here = buffer.cursor
        switch character {
        case "i": insert()
        case "a": begin(at: min(here + 1, buffer.lineEnd), in: &buffer)
        case "I": begin(at: ViMotion.firstNonBlank.target(in: buffer, times: 1) ?? here, in: &buffer)
        case "A": begin(at: buffer.lineEnd, in: &buffer)
        case "o":
            begin(at: buffer.lineEnd, in: &buffer)
            buffer.type("\n")
        case "O":
            begin(at: buffer.lineStart, in: &buffer)
            buffer.type("\n")
            buffer.move(to: buffer.cursor - 1)
        case "x": buffer.cut(here..<min(here + times, buffer.lineEnd))
        case "X": buffer.cut(max(here - times, buffer.lineStart)..<here)
        case "s":
            buffer.cut(here..<min(here + times, buffer.lineEnd))
            mode = .insert
        case "S": apply(.change, toLines: times, in: &buffer)
        case "D": buffer.cut(here..<buffer.end(ofLines: times))
        case "C":
            buffer.cut(here..<buffer.end(ofLines: times))
            mode = .insert
        case "Y": apply(.yank, toLines: times, in: &buffer)
        case "p": buffer.put(after: true, times: times)
        case "P": buffer.put(after: false, times: times)
        case "u": for _ in 0..<times { buffer.undo() }
        case "J": for _ in 0..<max(1, times - 1) { join(in: &buffer) }
        case "~": swapCase(times, in: &buffer)
        case "/", ":":
            guard buffer.isEmpty else { return .nothing }
            mode = .insert
            return .command
        default: return .nothing
        }
        return .done
    }

    private mutating func begin(at place: Int, in buffer: inout EditBuffer) {
        buffer.move(to: place)
        mode = .insert
    }

    /// Joins the next line to this one, with one blank between.
    private func join(in buffer: inout EditBuffer) {
        let end = buffer.lineEnd
        guard end < buffer.elements.count else { return }
        var next = end + 1
        while next < buffer.elements.count, buffer.elements[next].isBlank, !buffer.elements[next].isNewline {
            next += 1
        }
        buffer.replace(end..<next, with: " ")
        buffer.move(to: end)
    }

    private func swapCase(_ times: Int, in buffer: inout EditBuffer) {
        let range = buffer.cursor..<min(buffer.cursor + times, buffer.lineEnd)
        let swapped = buffer.elements[range].map { element in
            let text = element.text
            return text.lowercased() == text ? text.uppercased() : text.lowercased()
        }
        guard buffer.elements[range].allSatisfy({ if case .character = $0 { true } else { false } }) else { return }
        buffer.replace(range, with: swapped.joined())
    }
}
