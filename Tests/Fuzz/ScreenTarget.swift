import Chat
import Screen
import TestSupport
import UI

/// An answer that streams onto the screen: Markdown, wrapping and widths, at a size that changes meanwhile.
///
/// A control character in a frame is a trap here: nothing that a model writes may act on the terminal.
struct ScreenTarget: FuzzTarget {
    static let name = "screen"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        let texts = [
            "# Heading\n\n- one *two* **three** `four`\n1. five\n> six\n\n```swift\nlet x = 1\n```\n---\n| a | b |\n",
            "日本 e\u{301} 👩\u{200D}👧 ⚠\u{FE0F} 🇫🇷 \u{202E}abc\u{2069} \u{1B}[2J\u{9B}31m\u{1B}]52;c;eA==\u{7}\u{1B}]8;;x\u{1B}\\",
            String(repeating: "word ", count: 400), String(repeating: "x", count: 2000),
        ]
        // The first two bytes are the size.
        return texts.enumerated().map { ("\($0)", [80, 24] + Array($1.utf8)) }
    }

    private let theme: Theme

    init() throws {
        let file = "ansi.toml"
        let text = String(decoding: try TestFiles.bytes("../Themes/\(file)"), as: UTF8.self)
        theme = try ThemeLoader().load(ThemeLoader.Source(text: text, file: file))
    }

    func run(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        var size = Size(columns: Int(bytes[0]), rows: Int(bytes[1]) % 80)
        var model = AppModel(size: size, theme: theme, glyphs: bytes[0] % 2 == 0 ? .unicode : .ascii)
        var frame = CellBuffer(size: size)
        _ = update(&model, .loaded(.sample))
        _ = update(&model, .input(.paste("Hello")))
        _ = update(&model, .input(.key(Key(.enter))))
        let text = String(decoding: bytes[2...], as: UTF8.self)
        var rest = text[...]
        while !rest.isEmpty {
            let piece = rest.prefix(40)
            rest = rest.dropFirst(40)
            let token = SampledToken(id: 1, text: String(piece), probability: 0.5)
            _ = update(&model, .generation(.token(token, Metrics())))
            size.columns = (size.columns + 7) % 250
            _ = update(&model, .input(.resized(size)))
            draw(&model, into: &frame)
        }
        _ = update(&model, .generation(.finished(.endOfTurn, Metrics())))
        draw(&model, into: &frame)
    }

    private func draw(_ model: inout AppModel, into frame: inout CellBuffer) {
        if frame.size != model.size { frame = CellBuffer(size: model.size) }
        render(&model, into: &frame)
        for line in frame.lines {
            precondition(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        }
    }
}
