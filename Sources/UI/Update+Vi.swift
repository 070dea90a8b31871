public import Screen

extension AppModel {
    /// What the cursor says of vi's mode.
    public var cursorShape: CursorShape {
        guard options.editMode == .vi, overlay == nil else { return .usual }
        return switch vi.mode {
        case .insert: .bar
        case .normal: vi.isPending ? .underline : .block
        }
    }

    /// Does what a key means to vi; nil leaves it to the key tables.
    ///
    /// Esc leaves insert mode where something is written, and is the key that stops an answer everywhere else: what is
    /// being written is what a writer means by it, and an empty line has nothing to leave.
    mutating func pressVi(_ key: Key) -> [Effect]? {
        guard options.editMode == .vi else { return nil }
        switch vi.mode {
        case .insert:
            guard key == Key(.escape), !composer.isEmpty, !sendsWhenLoaded else { return nil }
            completion = nil
            vi.leaveInsert(in: &composer.buffer)
            return []
        case .normal:
            if key == Key(.escape), vi.isPending {
                vi.cancel()
                return []
            }
            if key == .control("r") {
                let version = composer.buffer.version
                vi.redo(in: &composer.buffer)
                return composer.buffer.version == version ? [] : changedByVi()
            }
            if key == .letter("?"), composer.isEmpty { return nil }
            guard let character = Self.viCharacter(key) else {
                vi.cancel()
                return nil
            }
            return pressViNormal(character)
        }
    }

    /// The character of a key that types one, or of one that means the same to vi.
    private static func viCharacter(_ key: Key) -> Character? {
        guard key.modifiers.isDisjoint(with: [.control, .alt]) else { return nil }
        switch key.code {
        case .character(let character): return character
        case .backspace: return "h"
        case .delete: return "x"
        default: return nil
        }
    }

    private mutating func pressViNormal(_ character: Character) -> [Effect] {
        let before = composer.buffer.version
        let outcome = vi.press(character, in: &composer.buffer)
        switch outcome {
        case .up(let rows): moveByRows(rows) { $0.up() }
        case .down(let rows): moveByRows(rows) { $0.down() }
        case .command: return edit { $0.type("/") }
        case .done, .nothing: break
        }
        return composer.buffer.version == before ? [] : changedByVi()
    }

    /// What was said about the old text goes.
    private mutating func changedByVi() -> [Effect] {
        notice = []
        sendsWhenLoaded = false
        return listCompletions()
    }

    private mutating func moveByRows(_ rows: Int, _ move: (inout Composer) -> Void) {
        for _ in 0..<rows {
            let before = (composer.buffer.version, composer.buffer.cursor)
            move(&composer)
            if (composer.buffer.version, composer.buffer.cursor) == before { break }
        }
        ViKeys.stayOnLine(&composer.buffer)
    }
}
