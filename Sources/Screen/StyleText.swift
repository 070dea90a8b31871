/// Reads the styles and colours of theme files: `fg [on bg] [bold dim italic underline reverse]`.
struct StyleText {
    /// What is wrong with a style, as the end of a sentence.
    struct Problem: Error {
        var message: String
    }

    static let colorNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
    private static let attributes: [String: Style.Attributes] = [
        "bold": .bold, "dim": .dim, "italic": .italic, "underline": .underline, "reverse": .reverse,
    ]

    var palette: [String: Color] = [:]

    func style(_ text: String) throws(Problem) -> Style {
        var style = Style()
        var words = text.split(separator: " ").map(String.init)[...]
        guard !words.isEmpty else { throw Problem(message: "is empty; write \"default\" for the terminal's own") }
        if let first = words.first, first != "on", Self.attributes[first] == nil {
            style.foreground = try color(first)
            words.removeFirst()
        }
        if words.first == "on" {
            words.removeFirst()
            guard let name = words.popFirst() else { throw Problem(message: "needs a colour after \"on\"") }
            style.background = try color(name)
        }
        for word in words {
            guard let attribute = Self.attributes[word] else {
                throw Problem(
                    message: "has \"\(word)\", which is none of bold, dim, italic, underline and reverse")
            }
            style.attributes.insert(attribute)
        }
        return style
    }

    func color(_ name: String) throws(Problem) -> Color {
        if name == "default" { return .terminal }
        if let color = palette[name] { return color }
        if let index = Self.colorNames.firstIndex(of: name) { return .indexed(UInt8(index)) }
        if name.hasPrefix("bright-"), let index = Self.colorNames.firstIndex(of: String(name.dropFirst(7))) {
            return .indexed(UInt8(index + 8))
        }
        let digits = name.dropFirst()
        if name.hasPrefix("#"), digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit),
            let value = UInt32(digits, radix: 16)
        {
            return .rgb(
                red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        }
        throw Problem(
            message: "has the colour \"\(name)\"; colours are default, black, red, green, yellow, blue, magenta, "
                + "cyan, white, bright-…, #RRGGBB and the names of [palette]")
    }
}
