import Chat
import Screen

extension MindOverlay {
    /// From so many columns and rows on, the layers stand beside the text.
    private static let wide = Size(columns: 140, rows: 34)
    /// From so many rows on, all of a layer's rows stand below the text.
    private static let rowsForAll = 30
    private static let sideColumns = 62

    private func keys(_ model: AppModel) -> [String] {
        [
            "← → token", "↑ ↓ layer", "[ ] head, a all", "m measure", "g most read", "PgUp PgDn 16",
            model.pair == nil ? "Enter other token" : "o other model", "e export", "? limits",
        ]
    }
    private static let choiceKeys = ["↑ ↓ choose", "Enter goes on from it, beside this answer", "Esc keeps this one"]

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        drawFooter(model, into: &frame, in: &rest)
        guard let insight = model.mind else {
            let text = " looking \(model.glyphs.ellipsis) the tokens are read again, on a copy, unless they were traced"
            frame.put(
                model.glyphs.truncated(text, to: rest.columns), in: rest, style: model.theme[.dim])
            return
        }
        let drawing = MindDrawing(insight: insight, model: model, marked: choices?.marked)
        guard rest.columns >= Self.wide.columns, rest.rows >= Self.wide.rows else {
            drawStacked(drawing, into: &frame, in: rest)
            return
        }
        var side = rest
        side.column = rest.endColumn - Self.sideColumns
        side.columns = Self.sideColumns
        rest.columns -= Self.sideColumns + 1
        for row in rest.rowRange {
            let place = Position(column: rest.endColumn, row: row)
            frame.put(model.glyphs.verticalLine, at: place, in: rect, style: model.theme[.hint])
        }
        drawText(drawing, rows: model.mindRows, into: &frame, in: rest)
        drawSide(drawing, into: &frame, in: side)
    }

    /// The keys, and below them what a reader has to know, or is asked.
    private func drawFooter(_ model: AppModel, into frame: inout CellBuffer, in rest: inout Rect) {
        let last = rest.takeBottom(1)
        if let question {
            question.draw(model, into: &frame, in: last)
        } else if let notice = model.notice.first {
            frame.put(model.glyphs.truncated(" " + notice, to: last.columns), in: last, style: model.theme[.warn])
        } else {
            let text = model.mind.map { " " + MindLimits.short($0, columns: last.columns - 2) } ?? ""
            frame.put(model.glyphs.truncated(text, to: last.columns), in: last, style: model.theme[.dim])
        }
        let ascii = model.glyphs.graph == .ascii
        let texts = (choices == nil ? keys(model) : Self.choiceKeys).map {
            ascii ? $0.replacing("← →", with: "Left Right").replacing("↑ ↓", with: "Up Down") : $0
        }
        let keys = flowing(texts, columns: rest.columns)
        let rows = rest.takeBottom(rest.rows < 18 ? 1 : min(2, keys.count))
        for (row, text) in keys.prefix(rows.rows).enumerated() {
            frame.put(text, row: row, in: rows, style: model.theme[.hint])
        }
    }

    /// The text above, and the layers beside what could come next below it.
    private func drawStacked(_ drawing: MindDrawing, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let lower = rest.takeBottom(rest.rows < 12 ? 3 : rest.rows < 26 ? 7 : 12)
        let rows = drawing.model.mindRows
        let chosen = rows.isEmpty ? [] : [rows[measure % rows.count]]
        drawText(drawing, rows: rest.rows >= Self.rowsForAll - 14 ? rows : chosen, into: &frame, in: rest)
        var layers = lower
        let nextColumns = lower.columns >= 76 ? 30 : 0
        // Where there is no room for both, who chooses sees what there is to choose.
        if nextColumns > 0 || choices != nil {
            var next = lower
            next.columns = nextColumns > 0 ? nextColumns : lower.columns
            next.column = lower.endColumn - next.columns
            layers.columns -= next.columns
            drawing.drawNext(into: &frame, in: next)
        }
        if !layers.isEmpty { drawing.drawLayers(into: &frame, in: layers) }
    }

    /// The layers, what could come next, and what most is read from.
    private func drawSide(_ drawing: MindDrawing, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let layers = min(drawing.insight.layers.count + 1, max(8, rest.rows - 18))
        drawing.drawLayers(into: &frame, in: rest.takeTop(layers))
        _ = rest.takeTop(1)
        drawing.drawNext(into: &frame, in: rest.takeTop(min(rest.rows, drawing.insight.next.count + 1)))
        _ = rest.takeTop(1)
        drawing.drawSources(into: &frame, in: rest)
    }

    /// What is looked at, the tokens with bars below them, and what most is read from.
    private func drawText(
        _ drawing: MindDrawing, rows: [MindRow], into frame: inout CellBuffer, in rect: Rect
    ) {
        var rest = rect
        drawing.drawHeading(into: &frame, in: rest.takeTop(2))
        if showsLimits {
            drawing.drawLimits(into: &frame, in: rest)
            return
        }
        let most = rest.takeBottom(1)
        drawing.drawRule(rows, into: &frame, in: rest.takeTop(1))
        drawing.drawBands(rows, into: &frame, in: rest)
        drawing.drawMost(into: &frame, in: most)
    }
}

/// What the view's numbers don't say.
enum MindLimits {
    /// In one row, as much as there is room for.
    static func short(_ insight: Insight, columns: Int = .max) -> String {
        let texts =
            insight.scan == nil
            ? [
                "One layer's softmax weights; values and other layers aren't shown. A large share is no cause.",
                "One layer's softmax weights, without values. A large share is no cause.",
                "One layer's weights; a large share is no cause.",
            ]
            : [
                "The state's path of one layer; convolution, gate and skip carry more. A large share is no cause.",
                "The state's path; conv, gate and skip carry more. A large share is no cause.",
                "The state's path alone; a large share is no cause.",
            ]
        return texts.first { $0.count <= columns } ?? texts[2]
    }

    /// At length.
    static let full = [
        "reads: alpha[t,s] of Mamba's hidden attention (Ali et al. 2024, arXiv 2403.01590): how much of token s's input "
            + "the state hands to token t in one layer, C(t) x exp(A x sum of delta) x delta(s) x B(s), its amount in "
            + "the mean over channels or heads, as a share of all traced tokens.",
        "It is the state's path alone. The convolution before it mixes the last few tokens, the gate after it can shut a "
            + "channel, the skip D goes past it, and the residual stream past the whole layer.",
        "Amounts hide signs: two large readings can cancel. What the state held from before the first traced token "
            + "isn't in the row; attention's share of such tokens is told.",
        "attention: softmax weights of one layer. Without the values' sizes they say where a head looks, not what it "
            + "takes. Many heads rest on the first token when they look for nothing.",
        "retained and half-life: the median over channels or heads. written: delta, the mean over them.",
        "lens: the output norm and head on what a layer leaves. Middle layers aren't made to be read so.",
        "None of these is a cause: what would have been said without a token is another question (/step, /edit, "
            + "and ^X d for states).",
    ]
}
