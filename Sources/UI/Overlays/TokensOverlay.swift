import Chat
import Screen

/// A place inside an answer: back and forth by tokens, and what else could have been said there.
struct TokensOverlay: Overlay {
    let name = OverlayName.tokens
    private var list = MarkedList(count: 0)
    /// The place that the list belongs to.
    private var shown: TokenPlace?

    private static let keys = [
        "← → a token back, forth", "PgUp PgDn 16", "↑ ↓ choose", "Enter takes it and goes on",
        "Esc closes",
    ]
    /// How many states are kept inside an answer, so that going back so far reads nothing again.
    private static let page = 16

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        follow(model)
        guard let place = model.tokenPlace else { return .closes }
        switch key.code {
        case .escape, .character("q"):
            model.tokenPlace = nil
            return .closes
        case .left: return step(1, place, in: &model)
        case .right: return step(-1, place, in: &model)
        case .pageUp: return step(Self.page, place, in: &model)
        case .pageDown: return step(-Self.page, place, in: &model)
        case .home: return step(place.index, place, in: &model)
        case .end: return step(place.index - place.count, place, in: &model)
        case .enter:
            guard place.alternatives.indices.contains(list.marked), !model.isBusy else { return .stays }
            guard let effects = model.ask(.pick, String(list.marked + 1)) else { return .stays }
            return .closing(effects)
        default:
            _ = list.press(key)
            return .stays
        }
    }

    /// Looks further back in the answer, further on where `count` is negative, as far as it goes.
    private func step(_ count: Int, _ place: TokenPlace, in model: inout AppModel) -> OverlayOutcome {
        let count = max(place.index - place.count, min(place.index, count))
        guard count != 0, !model.isBusy else { return .stays }
        return OverlayOutcome(effects: model.request(.step(back: place.count - place.index + count, turn: nil)))
    }

    /// Marks the token that was said, when the place is another one.
    private mutating func follow(_ model: AppModel) {
        guard shown != model.tokenPlace, let place = model.tokenPlace else { return }
        shown = place
        list.count = place.alternatives.count
        list.mark(place.alternatives.firstIndex { $0.id == place.chosen?.id } ?? 0)
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        follow(model)
        guard let place = model.tokenPlace else { return }
        var rest = rect
        let ascii = model.glyphs == .ascii
        let keys = flowing(
            Self.keys.map {
                ascii
                    ? $0.replacing("← →", with: "Left Right").replacing("↑ ↓", with: "Up Down") : $0
            }, columns: rest.columns)
        let keyRows = rest.takeBottom(keys.count)
        for (row, text) in keys.enumerated() { frame.put(text, row: row, in: keyRows, style: model.theme[.hint]) }
        let read =
            place.recomputedTokens == 0
            ? "nothing read again" : "\(CountText.of(place.recomputedTokens, "token")) read again"
        let heading = " turn \(place.turn): after \(place.index) of \(CountText.of(place.count, "token")), \(read)"
        frame.put(
            model.glyphs.truncated(heading, to: rest.columns), in: rest.takeTop(1), style: model.theme[.heading])
        let choices = rest.takeBottom(min(place.alternatives.count + 1, max(3, rest.rows / 2)))
        drawAnswer(place, model, into: &frame, in: rest)
        drawChoices(place, model, into: &frame, in: choices)
    }

    /// The answer around the place: what was said before it, and dimmer what came after.
    private func drawAnswer(_ place: TokenPlace, _ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        let width = max(1, rect.columns - 3)
        let before = WrappedText(place.text, width: width)
        let beforeRows = before.lines.indices.map { before.text(ofLine: $0) }
        // Half of the room at most is for what came before.
        let kept = Array(beforeRows.suffix(max(1, rect.rows / 2)))
        for (row, text) in kept.enumerated() where row < rect.rows {
            frame.put(" " + text, row: row, in: rect, style: model.theme[.text])
        }
        let row = min(max(0, kept.count - 1), max(0, rect.rows - 1))
        let last = kept.last ?? ""
        let column = rect.column + 1 + TextWidth.of(last)
        guard column < rect.endColumn else { return }
        let cursor = Position(column: column, row: rect.row + row)
        let end = frame.put(model.glyphs.streamCursor, at: cursor, in: rect, style: model.theme[.warn])
        // What came after goes on in the same row.
        let firstRoom = max(1, rect.endColumn - end - 1)
        let rest = place.rest.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
        let first = String(rest.prefix(firstRoom))
        frame.put(first, at: Position(column: end, row: rect.row + row), in: rect, style: model.theme[.dim])
        let after = WrappedText(String(rest.dropFirst(first.count)), width: width)
        for (offset, index) in after.lines.indices.enumerated() where row + 1 + offset < rect.rows {
            frame.put(" " + after.text(ofLine: index), row: row + 1 + offset, in: rect, style: model.theme[.dim])
        }
    }

    /// What could come next, with bars as long as each is likely.
    private mutating func drawChoices(
        _ place: TokenPlace, _ model: AppModel, into frame: inout CellBuffer, in rect: Rect
    ) {
        var rest = rect
        let title = place.chosen.map { " what could be said here; \($0.shown) was" } ?? " what could be said next"
        frame.put(model.glyphs.truncated(title, to: rect.columns), in: rest.takeTop(1), style: model.theme[.heading])
        for (row, index) in list.visible(rows: rest.rows).enumerated() {
            let choice = place.alternatives[index]
            let line = Rect(column: rest.column, row: rest.row + row, columns: rest.columns, rows: 1)
            let style = model.theme[index == list.marked ? .select : .text]
            frame.fill(line, style: style)
            let (filled, _) = MeterGraphs.bar(Double(choice.probability), columns: max(4, rest.columns - 34))
            let mark = choice.id == place.chosen?.id ? "*" : " "
            let text = " \(mark)\(String(index + 1).leading(to: 2)) \(choice.shown.padding(to: 24)) \(filled)"
            frame.put(model.glyphs.truncated(text, to: line.columns - 1), in: line, style: style)
        }
    }
}
