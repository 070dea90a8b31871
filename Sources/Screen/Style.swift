/// A colour as themes name it.
///
/// The display maps it to what the terminal has.
public enum Color: Sendable, Hashable {
    /// The terminal's own foreground or background.
    case terminal
    /// One of the 256 indexed colours; 0–15 are the terminal's own.
    case indexed(UInt8)
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// How a cell looks.
public struct Style: Sendable, Hashable {
    public var foreground: Color = .terminal
    public var background: Color = .terminal
    public var attributes: Attributes = []

    public init(foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public struct Attributes: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let italic = Attributes(rawValue: 4)
        public static let underline = Attributes(rawValue: 8)
        public static let reverse = Attributes(rawValue: 16)
    }
}
