import Chat
import Screen

/// The figures of both sides of a comparison: the same ones, by the same sums, as `hiss compare --json` gives.
struct PairFigures {
    /// A figure with its values on both sides.
    struct Column {
        /// How the table heads it, and how it is said in a line.
        var title: String
        /// The order in which columns leave a table that is too narrow, lowest first.
        var dropOrder: Int
        var values: [ChatPair.Side: String]
    }

    var columns: [Column]
    /// What both are fed, in words.
    var mode: String
    /// The side that is fed the other one's tokens; nil in free mode.
    var follower: ChatPair.Side?
    /// Where the two first choices first differ; nil in free mode, and where nothing was compared.
    var difference: Difference?
    /// Whether nothing may be told yet.
    var isHidden: Bool

    /// A first difference in words.
    struct Difference: Equatable {
        var text: String
        /// Where there is little room.
        var short: String
    }

    static let nothing = "--"

    /// - Parameter prompts: what they are of: the last prompt, or all
    init(_ pair: PairModel, prompts: [ComparedPrompt]) {
        isHidden = pair.hidesModels
        let tally = ComparisonTally(prompts.flatMap(\.comparisons))
        var totals: [ChatPair.Side: ComparisonTotal] = [:]
        for side in ChatPair.Side.allCases { totals[side] = ComparisonTotal(prompts.compactMap { $0.sides[side] }) }
        let isHidden = isHidden
        func column(
            _ title: String, _ dropOrder: Int, _ value: (ChatPair.Side, ComparisonTotal) -> String?
        ) -> Column {
            var values: [ChatPair.Side: String] = [:]
            for (side, total) in totals { values[side] = isHidden ? Self.nothing : value(side, total) ?? Self.nothing }
            return Column(title: title, dropOrder: dropOrder, values: values)
        }
        follower = pair.follower
        let follower = follower
        let leader = pair.leader
        columns = [
            column("tok/s", 9) { $1.tokensPerSecond.map { DecimalText.fixed($0, places: 1) } },
            column("first tok ms", 4) { $1.timeToFirstToken.map { DecimalText.fixed($0 * 1000, places: 0) } },
            column("prompt tok/s", 1) { $1.promptTokensPerSecond.map { DecimalText.fixed($0, places: 1) } },
            column("memory", 8) { side, total in
                // Before the first answer the state is where its session left it.
                let bytes =
                    total.memoryBytes > 0
                    ? total.memoryBytes : pair.depths[side]?.all.last?.stateBytes ?? pair.models[side]?.stateBytes
                return bytes.map(ByteText.short)
            },
            column("+/token", 3) { side, _ in (pair.models[side]?.stateBytesPerToken).map(Self.growth) },
            column(follower == nil ? "own ppl" : "ppl of \(leader.rawValue)'s", 5) {
                $1.perplexity.map { DecimalText.fixed($0, places: 3) }
            },
            column("top-1 agree", 7) { side, _ in
                side == follower ? tally.agreement.map { DecimalText.fixed($0, places: 3) } : nil
            },
            column("KL(\(leader.rawValue)||\(leader.other.rawValue)) nats", 6) { side, _ in
                side == follower ? tally.meanDivergence.map { DecimalText.fixed($0, places: 3) } : nil
            },
        ]
        mode =
            follower == nil
            ? "free: each says its own, both at once" : "lock-step: both are fed \(leader.rawValue)'s tokens"
        difference = follower.flatMap { _ in Self.difference(tally, in: prompts) }
    }

    private static func growth(_ bytes: Int) -> String {
        bytes == 0 ? "0" : ByteText.short(bytes)
    }

    /// `first difference: token 3, " 412" for " room"`.
    private static func difference(_ tally: ComparisonTally, in prompts: [ComparedPrompt]) -> Difference? {
        guard tally.count > 0 else { return nil }
        guard let place = tally.firstDifference else {
            return Difference(text: "no difference in \(tally.count) tokens", short: "none differs")
        }
        let compared = prompts.flatMap(\.comparedTokens)
        guard compared.indices.contains(place), let choice = compared[place].comparison?.choice else { return nil }
        let words = DifferenceStrip.quoted(choice.text) + " for " + DifferenceStrip.quoted(compared[place].text)
        return Difference(text: "first difference: token \(place + 1), \(words)", short: "first: token \(place + 1)")
    }
}

extension ComparedPrompt {
    /// The tokens of which the one that follows says what it would have said.
    var comparedTokens: [SampledToken] {
        ChatPair.Side.allCases.flatMap { sides[$0]?.tokens ?? [] }.filter { $0.comparison != nil }
    }
}

/// The figures as a table: a heading, the titles, a row for each side.
struct PairTable: Widget {
    static let rows = 4
    private static let nameColumns = 16

    var figures: PairFigures
    /// What the rows are called.
    var names: [ChatPair.Side: String]
    /// Of what they are: `this turn`.
    var heading: String
    var theme: Theme
    var glyphs: Glyphs

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        guard rect.rows >= Self.rows else { return }
        let mode = figures.isHidden ? "names and figures are hidden until the vote" : figures.mode
        var text = "\(heading) \(glyphs.separator) \(mode)"
        if let follower = figures.follower {
            let bar = glyphs.verticalLine
            let legend = " \(glyphs.separator) \(bar)so\(bar) in \(follower.rawValue)'s pane is its own first choice"
            if TextWidth.of(text + legend) <= rect.columns - 6 { text += legend }
        }
        PlotHeading(text: text, theme: theme, glyphs: glyphs)
            .draw(into: &frame, in: Rect(column: rect.column, row: rect.row, columns: rect.columns, rows: 1))
        for (index, line) in lines(columns: rect.columns).enumerated() {
            frame.put(line, row: index + 1, in: rect, style: theme[index == 0 ? .dim : .text])
        }
    }

    /// The titles and the rows of both sides, as far as there is room.
    func lines(columns: Int) -> [String] {
        var shown = figures.columns
        func width(_ column: PairFigures.Column) -> Int {
            (column.values.values.map(\.count) + [column.title.count]).max() ?? 0
        }
        func needed() -> Int { shown.reduce(Self.nameColumns + 1) { $0 + width($1) + 2 } }
        while needed() > columns, let least = shown.map(\.dropOrder).min() {
            shown.removeAll { $0.dropOrder == least }
        }
        let gap = min(6, shown.isEmpty ? 2 : (columns - needed()) / shown.count + 2)
        func row(_ name: String, _ text: (PairFigures.Column) -> String) -> String {
            shown.reduce(" " + glyphs.truncated(name, to: Self.nameColumns).padding(to: Self.nameColumns)) {
                let text = text($1)
                return $0 + String(repeating: " ", count: width($1) + gap - text.count) + text
            }
        }
        return [row("") { $0.title }]
            + ChatPair.Side.allCases.map { side in
                row(names[side] ?? side.rawValue) { $0.values[side] ?? PairFigures.nothing }
            }
    }
}

/// A line with words in it, above a part of the screen.
struct PlotHeading: Widget {
    var text: String
    var theme: Theme
    var glyphs: Glyphs
    /// Whether it heads what the keys are for.
    var isFocused = false

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, with: glyphs.horizontalLine, style: theme[.hint])
        let text = glyphs.truncated(" \(text) ", to: max(0, rect.columns - 4))
        let place = Position(column: rect.column + 2, row: rect.row)
        frame.put(text, at: place, in: rect, style: theme[isFocused ? .title : .hint])
    }
}
