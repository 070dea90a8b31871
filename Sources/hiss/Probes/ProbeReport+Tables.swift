import Chat
import Glibc
import UI

extension ProbeReport {
    /// A table with a heading.
    struct Table {
        var title: String
        var columns: [String]
        var rows: [[String]]
    }

    /// Every measure as a table; `*` marks what is past the length that a model was trained on.
    var tables: [Table] {
        var tables = recall.map(table)
        if !losses.isEmpty { tables.append(lossTable) }
        if !depths.isEmpty { tables.append(depthTable) }
        return tables
    }

    /// What readers have to know to make something of the tables.
    var notes: [String] {
        var notes: [String] = []
        if !recall.isEmpty || !losses.isEmpty {
            notes.append(
                "\(CountText.of(trials, "trial")) from seed \(seed); in brackets the 95 % interval over trials.")
        }
        if !recall.isEmpty {
            notes.append(
                "right: the answer is likelier than each other candidate; first: it is the likeliest of all tokens; "
                    + "ln p: its mean log-probability. Texts are read as they are, without a chat template.")
        }
        let trained = zip(labels, models).compactMap { label, model in
            model.trainedContext.map { "\(label) \($0)" }
        }
        if !trained.isEmpty {
            notes.append("*: longer than what a model was trained on (\(trained.joined(separator: ", ")) tokens).")
        }
        if depths.contains(where: { $0.cells.contains(where: \.cacheIsMadeUp) }) {
            notes.append("+: keys and values were made up, not computed, to get to the depth.")
        }
        return notes
    }

    private func columns(_ first: String, _ others: [String]) -> [String] {
        [first] + labels.flatMap { label in others.map { "\(label) \($0)" } }
    }

    private func mark(_ length: Int, _ model: Int) -> String { isPastTraining(length, model) ? "*" : "" }

    private func table(_ recall: Recall) -> Table {
        Table(
            title: "\(recall.name): \(recall.about)",
            columns: columns("tokens between", ["right", "first", "ln p"]) + ["chance"],
            rows: recall.rows.map { row in
                [String(row.distance)]
                    + row.cells.enumerated().flatMap { model, cell in
                        [
                            Self.percent(cell.correct) + mark(row.length, model),
                            Self.percent(cell.firstChoice.value),
                            DecimalText.fixed(cell.logProbability.value, places: 2),
                        ]
                    } + [Self.percent(row.chance)]
            })
    }

    private var lossTable: Table {
        Table(
            title: "perplexity by position: the text from up to \(trials) places on, each a sequence of its own",
            columns: columns("positions", ["perplexity"]),
            rows: losses.map { row in
                ["\(row.positions.lowerBound) to \(row.positions.upperBound - 1)"]
                    + row.cells.enumerated().map { model, cell in
                        Self.perplexity(cell) + mark(row.positions.upperBound, model)
                    }
            })
    }

    private var depthTable: Table {
        Table(
            title: "decoding after so many tokens: tokens/s (least and greatest), and the state's memory",
            columns: columns("tokens read", ["tokens/s", "memory"]),
            rows: depths.map { row in
                [String(row.depth)]
                    + row.cells.flatMap { cell in
                        [Self.rate(cell.rate) + (cell.cacheIsMadeUp ? "+" : ""), ByteText.long(cell.stateBytes)]
                    }
            })
    }

    static func percent(_ value: Double) -> String { DecimalText.fixed(value * 100, places: 1) + " %" }

    /// `87.5 % (71 to 95)`.
    private static func percent(_ found: Proportion) -> String {
        let bounds = [found.low, found.high].map { DecimalText.fixed($0 * 100, places: 0) }
        return "\(percent(found.value)) (\(bounds[0]) to \(bounds[1]))"
    }

    private static func perplexity(_ loss: MeanEstimate) -> String {
        let values = [loss.value, loss.low, loss.high].map { DecimalText.fixed(exp($0), places: 1) }
        return "\(values[0]) (\(values[1]) to \(values[2]))"
    }

    private static func rate(_ spread: Spread) -> String {
        let values = [spread.median, spread.min, spread.max].map { DecimalText.fixed($0, places: 1) }
        return "\(values[0]) (\(values[1]) to \(values[2]))"
    }

    /// For people at a terminal.
    var textLines: [String] { tables.flatMap { $0.text + [""] } + notes }

    /// Tables, to paste into a text.
    var markdownLines: [String] {
        tables.flatMap { $0.markdown + [""] } + notes.map { $0.replacing("*", with: "\\*") }
    }
}

extension ProbeReport.Table {
    fileprivate var text: [String] {
        let widths = columns.indices.map { column in
            ([columns] + rows).map { $0[column].count }.max() ?? 0
        }
        return [title]
            + ([columns] + rows).map { row in
                let cells = zip(row, widths).map { $0.padding(to: $1) }.joined(separator: "  ")
                return "  " + cells.trimmingSuffix { $0 == " " }
            }
    }

    fileprivate var markdown: [String] {
        ["**\(title)**", "", line(columns), line(columns.map { _ in "---" })]
            + rows.map { line($0.map { $0.replacing("*", with: "\\*") }) }
    }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}

extension String {
    /// The text without its last characters that are of a kind.
    fileprivate func trimmingSuffix(_ isOfKind: (Character) -> Bool) -> Substring {
        var text = Substring(self)
        while let last = text.last, isOfKind(last) { text.removeLast() }
        return text
    }
}
