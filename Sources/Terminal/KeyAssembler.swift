package import Screen

/// Makes keys of what the terminal sends: bytes, and the sequences that ncurses knows.
///
/// What arrives together belongs together: Escape and a letter are Alt with that letter, scalars that join are one
/// character. So `flush` marks the end of what has arrived. Bytes that aren't UTF-8 become U+FFFD; sequences that
/// nothing knows are dropped, as their letters would end up in the text.
package nonisolated struct KeyAssembler {
    private enum State {
        case ground
        case escape
        /// After ESC [ and so many more bytes.
        case control(length: Int)
        /// After ESC O.
        case single
    }

    private var state = State.ground
    /// The next character comes with Alt.
    private var alt = false
    /// The bytes of a character that isn't whole.
    private var partial: [UInt8] = []
    /// A character that the next scalar may join.
    private var pending: Character?
    private var keys: [Key] = []

    package init() {}

    /// Takes one byte.
    package mutating func feed(_ byte: UInt8) {
        switch state {
        case .ground: ground(byte)
        case .escape: escape(byte)
        case .control(let length):
            switch byte {
            case 0x20...0x3F: state = .control(length: length + 1)
            case 0x1B: state = .escape
            default: state = .ground
            }
        case .single: state = byte == 0x1B ? .escape : .ground
        }
    }

    /// Takes a key that ncurses has recognised.
    package mutating func feed(_ key: Key) {
        finishCharacter()
        var key = key
        if case .escape = state {
            key.modifiers.insert(.alt)
        }
        state = .ground
        keys.append(key)
    }

    /// Takes out the keys; nothing else has arrived by now.
    package mutating func flush() -> [Key] {
        finishScalar()
        switch state {
        case .escape: keys.append(Key(.escape))
        case .control(length: 0): keys.append(Key(.character("["), .alt))
        case .single: keys.append(Key(.character("O"), .alt))
        case .ground, .control: break
        }
        state = .ground
        defer { keys = [] }
        return keys
    }

    // MARK: Steps

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x1B: keys.append(Key(.escape))
        case UInt8(ascii: "["): state = .control(length: 0)
        case UInt8(ascii: "O"): state = .single
        default:
            state = .ground
            alt = true
            ground(byte)
        }
    }

    private mutating func ground(_ byte: UInt8) {
        if byte < 0x80 {
            if !partial.isEmpty { malformed() }
            ascii(byte)
        } else if byte & 0xC0 == 0x80, let lead = partial.first {
            partial.append(byte)
            if partial.count == Self.length(lead) { decode() }
        } else {
            if !partial.isEmpty { malformed() }
            if Self.length(byte) > 1 { partial = [byte] } else { malformed() }
        }
    }

    /// The bytes of a character with this first one; 0 when none begins so.
    private static func length(_ lead: UInt8) -> Int {
        switch lead {
        case 0..<0x80: 1
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: 0
        }
    }

    private mutating func decode() {
        guard let text = String(validating: partial, as: UTF8.self), let scalar = text.unicodeScalars.first else {
            return malformed()
        }
        partial = []
        // C1 controls are no text.
        if scalar.value >= 0xA0 { type(scalar) } else { alt = false }
    }

    private mutating func malformed() {
        partial = []
        type("\u{FFFD}")
    }

    private mutating func ascii(_ byte: UInt8) {
        switch byte {
        case 0x1B:
            finishCharacter()
            state = .escape
        case 0x20...0x7E: type(Unicode.Scalar(byte))
        default: control(byte)
        }
    }

    private mutating func control(_ byte: UInt8) {
        finishCharacter()
        var key =
            switch byte {
            case 0x08, 0x7F: Key(.backspace)
            case 0x09: Key(.tab)
            case 0x0D: Key(.enter)
            case 0x00: Key(.character(" "), .control)
            // The letter that gives this byte with Ctrl.
            default: Key(.character(Character(Unicode.Scalar(byte < 0x1B ? byte + 0x60 : byte + 0x40))), .control)
            }
        if alt { key.modifiers.insert(.alt) }
        alt = false
        keys.append(key)
    }

    private mutating func type(_ scalar: Unicode.Scalar) {
        if alt {
            finishCharacter()
            alt = false
            keys.append(Key(.character(Character(scalar)), .alt))
            return
        }
        if let before = pending {
            let joined = String(before) + String(scalar)
            if joined.count == 1, let character = joined.first {
                pending = character
                return
            }
            keys.append(Key(.character(before)))
        }
        pending = Character(scalar)
    }

    /// Ends a character: what comes next is something else.
    private mutating func finishCharacter() {
        if !partial.isEmpty { malformed() }
        finishScalar()
    }

    /// Ends a character without looking at bytes whose rest may still come.
    private mutating func finishScalar() {
        if let character = pending { keys.append(Key(.character(character))) }
        pending = nil
    }
}
