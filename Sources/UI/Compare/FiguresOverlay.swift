import Chat
import Screen

/// All figures of a comparison on the whole screen: this turn, all turns, token by token, and both plots.
struct FiguresOverlay: Overlay {
    let name = OverlayName.figures

    func title(_ model: AppModel) -> String { "hiss compare: figures" }

    func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        key.code == .escape || key == .letter("q") ? .closes : .stays
    }

    func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        frame.fill(rest, style: model.theme[.text])
        guard let pair = model.pair, pair.isReady else {
            frame.put(" Figures are of a comparison; /compare MODEL begins one.", in: rest, style: model.theme[.text])
            return
        }
        let figures = PairFigures(pair, prompts: pair.last.map { [$0] } ?? [])
        let names = model.rowNames(pair)
        func table(_ figures: PairFigures, _ heading: String) {
            PairTable(figures: figures, names: names, heading: heading, theme: model.theme, glyphs: model.glyphs)
                .draw(into: &frame, in: rest.takeTop(PairTable.rows))
        }
        table(figures, "this turn")
        if pair.prompts.count > 1, rest.rows >= 24 {
            table(PairFigures(pair, prompts: pair.prompts), "all \(pair.prompts.count) turns")
        }
        if pair.mode == .lockstep, !pair.hidesModels {
            let rows = max(1, min(8, rest.rows - 18))
            drawStrip(model, pair, figures, into: &frame, in: rest.takeTop(rows))
        }
        let isBeside = rect.columns >= PairLayout.minimumColumns
        drawPlots(PairPlots(pair: pair), isBeside: isBeside, model, into: &frame, in: rest)
    }
}

/// The figures of a comparison as lines of text.
enum PairReport {
    /// - Parameter strip: what differs token by token; nil where nothing was compared
    static func text(_ pair: PairModel, names: [ChatPair.Side: String], strip: String?) -> String {
        guard !pair.hidesModels else { return "Names and figures are hidden until the vote." }
        func table(_ prompts: [ComparedPrompt], _ heading: String) -> [String] {
            let figures = PairFigures(pair, prompts: prompts)
            return ["\(heading), \(figures.mode)"]
                + ChatPair.Side.allCases.map { side in
                    let values = figures.columns.map { "\($0.title) \($0.values[side] ?? PairFigures.nothing)" }
                    return "\(names[side] ?? side.rawValue)  " + values.joined(separator: ", ")
                } + [figures.difference?.text].compactMap { $0 }
        }
        var lines = table(pair.last.map { [$0] } ?? [], "this turn")
        if let strip { lines.append(strip) }
        if pair.prompts.count > 1 { lines += table(pair.prompts, "all \(pair.prompts.count) turns") }
        let plots = PairPlots(pair: pair)
        return (lines + plots.memoryText + plots.rateText).joined(separator: "\n")
    }
}
