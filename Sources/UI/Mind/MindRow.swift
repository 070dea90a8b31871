import Chat
import Screen

/// One thing that is said of every token up to the reading one: how much is read from it, or is left of it.
struct MindRow: Sendable, Equatable {
    enum Measure: String, Sendable, Equatable {
        case reads, attention, retained, written
    }

    var measure: Measure
    /// Which model of a comparison it is of; nil where there is one.
    var side: ChatPair.Side?
    var values: [Double]
    /// What a full bar stands for.
    var most: Double
    var gradient: GradientName

    /// What it is called, in no more than `labelColumns`.
    var label: String { sideText + measure.rawValue }

    private var sideText: String { side.map { $0.rawValue + " " } ?? "" }

    /// Whether it is each token's share of what is read, so that it is on one scale with others that are.
    var isShare: Bool { measure == .reads || measure == .attention }

    /// What its bars are, where there is room for a sentence.
    var explanation: String { sideText + sentence }

    private var sentence: String {
        switch measure {
        case .reads: "reads: each token's share |alpha| of what is read from the state"
        case .attention: "attention: each token's share of the softmax row"
        case .retained: "retained: what is left of what each token wrote, exp(A x sum of delta)"
        case .written: "written: delta, the step size with which each token was written"
        }
    }

    static let labelColumns = 12
    /// Steps of a bar; each is twice as much as the one below it.
    static let steps = 8
    static let legend = "each step of a bar is twice as much"

    /// The bar's height for a token, 0 for one that is less than a 256th of a full bar.
    func level(_ token: Int) -> Int {
        guard values.indices.contains(token), values[token] > 0, most > 0 else { return 0 }
        var bound = most / 2
        for step in 0..<Self.steps {
            if values[token] > bound { return Self.steps - step }
            bound /= 2
        }
        return 0
    }

    /// Rows of which those that are shares are drawn on one scale.
    static func onOneScale(_ rows: [MindRow]) -> [MindRow] {
        let most = rows.filter(\.isShare).map(\.most).max() ?? 0
        return rows.map { row in
            var row = row
            if row.isShare { row.most = most }
            return row
        }
    }

    /// A token's value as it is written.
    func text(_ token: Int) -> String {
        switch measure {
        case .reads, .attention: PercentText.of(values[token])
        case .retained: DecimalText.fixed(values[token], places: 2)
        case .written: DeltaGauge.format(values[token])
        }
    }
}

/// Shares in percent.
enum PercentText {
    /// `31 %`, `4.2 %`.
    static func of(_ share: Double) -> String {
        DecimalText.fixed(share * 100, places: share < 0.0995 ? 1 : 0) + " %"
    }
}

extension Insight {
    /// What is said of the tokens in the chosen layer; none where it reads through nothing that is traced.
    var rows: [MindRow] {
        var rows: [MindRow] = []
        if let scan {
            rows.append(row(.reads, scan.influence, .rate))
        }
        if let attention {
            rows.append(row(.attention, attention.weights, .rate))
        }
        if let scan {
            rows.append(MindRow(measure: .retained, values: scan.retained, most: 1, gradient: .state))
            rows.append(row(.written, scan.written, .state))
        }
        return MindRow.onOneScale(rows)
    }

    private func row(_ measure: MindRow.Measure, _ values: [Double], _ gradient: GradientName) -> MindRow {
        MindRow(measure: measure, values: values, most: values.max() ?? 0, gradient: gradient)
    }

    /// The tokens from which most is read, with their shares, most first: of the state, or else of attention.
    func sources(_ count: Int) -> [(token: Int, share: Double)] {
        let values = scan?.influence ?? attention?.weights ?? []
        let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
        return order.prefix(count).filter { values[$0] > 0 }.map { ($0, values[$0]) }
    }

    /// How many heads the chosen layer has.
    var headCount: Int { max(scan?.heads ?? 0, attention?.heads ?? 0) }
}

extension Insight.Token {
    /// The token as it is shown among others: line breaks as a mark, and something for one that has no text.
    func shown(_ glyphs: Glyphs) -> String {
        guard !text.isEmpty else { return "<\(id)>" }
        return text.replacing("\r", with: "").replacing("\n", with: glyphs.lineBreak).replacing("\t", with: " ")
    }

    /// The token in quotes.
    var quoted: String { TopChoicesGauge.quoted(text.isEmpty ? "<\(id)>" : text) }
}

extension Glyphs {
    /// Stands for the end of a line inside a text.
    var lineBreak: String { name == Glyphs.unicode.name ? "\u{21B5}" : "\\n" }
}
