import Chat
import UI

extension InsightReport {
    private static let margin = 24.0
    private static let column = 7.8
    private static let band = 34.0
    private static let columns = 100
    private static let layerRow = 16.0
    /// How strong a ground gets at most, so that black text can be read on it.
    private static let strongest = 0.7

    /// A drawing: the tokens as text on grounds as strong as they are read, and what each layer does (SVG 1.1).
    var svg: String {
        var drawing = SVGDrawing()
        var y = Self.margin + 12
        let token = insight.tokens[insight.reader].text
        drawing.text(
            "\(model.name), layer \(insight.layer): what \"\(token)\" (token \(insight.position)) reads from",
            at: (Self.margin, y), size: 16)
        y += 20
        for (name, values, color) in shares {
            y += 22
            let reach = Insight.reach(of: values, earlier: name == "attention" ? insight.attention?.earlier ?? 0 : 0)
            let text = reach.map { "90 % within the last \($0) tokens" } ?? "90 % reach further back than the trace"
            drawing.text("\(name): \(text)", at: (Self.margin, y), size: 12)
            y += 8
            y = draw(values, color: color, from: y, into: &drawing)
        }
        y += 28
        y = drawLayers(from: y, into: &drawing)
        drawing.text(
            "Amounts in one layer, as shares of all traced tokens; convolution, gate, skip and values aren't shown.",
            at: (Self.margin, y + 20), size: 11)
        return SVGDrawing.document(
            drawing.text, width: Self.margin * 2 + Double(Self.columns) * Self.column, height: y + 40)
    }

    private var shares: [(name: String, values: [Double], color: String)] {
        var shares: [(String, [Double], String)] = []
        if let scan = insight.scan { shares.append(("|alpha|", scan.influence, "#0072b2")) }
        if let attention = insight.attention { shares.append(("attention", attention.weights, "#d55e00")) }
        return shares
    }

    /// The tokens in lines, each on a ground as strong as the square root of its share of the largest; returns where
    /// they end.
    private func draw(
        _ values: [Double], color: String, from top: Double, into drawing: inout SVGDrawing
    ) -> Double {
        let most = values.max() ?? 0
        var (place, y) = (0, top)
        for (index, token) in insight.tokens.enumerated() {
            let text = token.text.replacing("\n", with: "\u{21B5}")
            let columns = max(1, text.count)
            if place > 0, place + columns > Self.columns {
                place = 0
                y += Self.band
            }
            let box = (
                x: Self.margin + Double(place) * Self.column, y: y, width: Double(columns) * Self.column, height: 20.0
            )
            let share = values.indices.contains(index) ? values[index] : 0
            if share > 0, most > 0 {
                drawing.rectangle(
                    box, fill: color, opacity: (share / most).squareRoot() * Self.strongest,
                    title: "token \(insight.start + index): \(DecimalText.fixed(share, places: 4))")
            }
            if index == insight.reader { drawing.frame(box, stroke: "#000", width: 1.5) }
            drawing.fixedText(
                text, at: (box.x, y + 14.5), width: box.width, color: index > insight.reader ? "#999" : "#000")
            place += columns
        }
        return y + Self.band
    }

    /// A row for each layer: step size, half-life, reach and lens; returns where they end.
    private func drawLayers(from top: Double, into drawing: inout SVGDrawing) -> Double {
        var y = top
        let places = [0.0, 150, 240, 350, 440].map { Self.margin + $0 }
        for (text, x) in zip(["layer", "delta", "half-life", "90 % in", "lens"], places) {
            drawing.text(text, at: (x, y), size: 12)
        }
        for (index, layer) in insight.layers.enumerated() {
            y += Self.layerRow
            if index == insight.layer {
                drawing.rectangle(
                    (Self.margin - 4, y - 12, Double(Self.columns) * Self.column, Self.layerRow), fill: "#000",
                    opacity: 0.08)
            }
            let reading = layer.reading
            let lens = layer.lens.map { $0.shown }
            let texts = [
                "\(index)  \(layer.mixer.rawValue)", reading.map { DecimalText.fixed($0.meanStep, places: 3) },
                reading.map { DecimalText.fixed($0.halfLife, places: 1) }, layer.reach.map { String($0) }, lens,
            ]
            for (text, x) in zip(texts, places) { drawing.text(text ?? "\u{2013}", at: (x, y), size: 12) }
        }
        return y
    }
}
