import Chat
import Foundation
import Screen
import TestSupport

@testable import UI

/// A screen with a scripted past, and short names for what happens to it.
struct Stage {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let golden = tests.appending(path: "Golden")

    var model: AppModel
    private(set) var effects: [Effect] = []

    init(
        columns: Int = 80, rows: Int = 24, loaded: Bool = true, glyphs: Glyphs = .unicode, history: [String] = [],
        summary: ModelSummary = .sample
    ) throws {
        let size = Size(columns: columns, rows: rows)
        model = AppModel(
            size: size, theme: try Self.theme(), glyphs: glyphs, history: history, clock: "21:04")
        if loaded { send(.loaded(summary)) }
    }

    /// The theme that ships with the program.
    static func theme() throws -> Theme {
        let file = tests.appending(path: "../../Themes/ansi.toml").standardizedFileURL
        return try ThemeLoader().load(
            ThemeLoader.Source(text: try String(contentsOf: file, encoding: .utf8), file: "ansi.toml"))
    }

    @discardableResult
    mutating func send(_ message: Message) -> [Effect] {
        let new = update(&model, message)
        effects += new
        return new
    }

    @discardableResult
    mutating func press(_ code: Key.Code, _ modifiers: Key.Modifiers = []) -> [Effect] {
        send(.input(.key(Key(code, modifiers))))
    }

    @discardableResult
    mutating func control(_ letter: Character) -> [Effect] {
        press(.character(letter), .control)
    }

    /// Types text, with line breaks as Ctrl-J.
    mutating func type(_ text: String) {
        for character in text {
            if character == "\n" { control("j") } else { press(.character(character)) }
        }
    }

    /// Asks, and plays the answer's events.
    mutating func talk(_ question: String, _ answer: [GenerationEvent]) {
        type(question)
        press(.enter)
        for event in answer { send(.generation(event)) }
    }

    /// Turns "Question 1" with "Answer 1 …" up to `count`.
    mutating func talk(turns count: Int) {
        for turn in 1...max(1, count) {
            talk("Question \(turn)?", Script.answer("Answer \(turn) takes one line.", seenBefore: turn * 40))
        }
    }

    mutating func resize(_ columns: Int, _ rows: Int) {
        send(.input(.resized(Size(columns: columns, rows: rows))))
    }

    mutating func frame() -> CellBuffer {
        var frame = CellBuffer(size: model.size)
        render(&model, into: &frame)
        return frame
    }

    /// The rows of the screen as text.
    mutating func lines() -> [String] {
        frame().lines
    }

    /// The rows of the chat alone, without a panel beside it.
    mutating func chatLines() -> [String] {
        let frame = frame()
        let chat = ScreenLayout(model).chat
        var part = CellBuffer(size: Size(columns: chat.columns, rows: chat.rows))
        for row in 0..<chat.rows {
            for column in 0..<chat.columns { part[column, row] = frame[chat.column + column, chat.row + row] }
        }
        return part.lines
    }

    /// The row with the gauges, which is above the notice and the hints.
    mutating func gaugeLine() -> String {
        lines().last { $0.contains("tok/s") && $0.contains("recomp") } ?? ""
    }

    /// The row with the hints.
    mutating func hintLine() -> String {
        lines().last { $0.hasPrefix("──") } ?? ""
    }
}

/// Long enough to wrap and to scroll at every size.
let daytrip = """
    Nara is close: about 45 minutes by train. The deer park and the great wooden temple are a short walk from the \
    station.

    1. Take the train at nine.
    2. Walk through the park to Todai-ji; the deer bow if you do.
       - Crackers for them cost 200 yen.
    3. Be back for dinner.
    """
