/// What comes from the keyboard and the terminal.
public enum InputEvent: Sendable, Hashable {
    case key(Key)
    /// A bracketed paste, whole, with line ends as `\n`.
    case paste(String)
    case resized(Size)
    /// The reader looks at the terminal again, or elsewhere.
    case focus(Bool)
}

/// A key press.
public struct Key: Sendable, Hashable {
    public enum Code: Sendable, Hashable {
        /// A character that types itself, or with control the letter in lower case: Ctrl-A is `("a", .control)`.
        case character(Character)
        case enter, tab, backTab, backspace, delete, escape
        case up, down, left, right, home, end, pageUp, pageDown
        /// A step of the mouse wheel, while the mouse is in use.
        case wheelUp, wheelDown
        case function(Int)
    }

    public struct Modifiers: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let control = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        public static let shift = Modifiers(rawValue: 4)
    }

    public var code: Code
    public var modifiers: Modifiers

    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }
}
