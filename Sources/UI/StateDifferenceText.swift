public import Chat
import Screen

extension StateDifference {
    /// Layers that are named in one row.
    private static let shownLayers = 6

    /// What differs, in a few rows.
    func lines(columns: Int) -> [String] {
        guard layers.contains(where: \.change.isFinite) else {
            let text =
                "state diff \(from) -> \(to): nothing has been read at \(from), so that there is nothing to compare"
            let after = self.after.top.prefix(5).map(\.shown)
            return flowing(text, [], columns) + flowing("  after \(to):", after, columns)
        }
        let step = max(1, (layers.count + Self.shownLayers - 1) / Self.shownLayers)
        let named = stride(from: 0, to: layers.count, by: step).map { layers[$0] }
        let changes = named.map { "\(Self.layerName($0.index)) \(DecimalText.fixed($0.change, places: 2))" }
        let most = mostChanged.prefix(3).map {
            "\(Self.layerName($0.layer)) \($0.name) (\(DecimalText.fixed($0.change, places: 2)))"
        }
        let least = layers.min { $0.change < $1.change }
        var rows = flowing("state diff \(from) -> \(to)", ["|h'-h|/|h|"] + changes, columns)
        rows += flowing("most changed:", most, columns)
        if let least {
            let change = DecimalText.fixed(least.change, places: 2)
            rows += flowing("least changed:", ["\(Self.layerName(least.index)) (\(change))"], columns)
        }
        let entropies = [before, after].map { DecimalText.fixed($0.entropy, places: 1) }.joined(separator: " -> ")
        let divergence = "KL \(DecimalText.fixed(divergence, places: 2)) nat"
        rows += flowing("next token:", ["entropy \(entropies) bit", divergence], columns)
        for (label, prediction) in [(from, before), (to, after)] where !prediction.top.isEmpty {
            rows += flowing("  after \(label):", prediction.top.prefix(5).map(\.shown), columns)
        }
        return rows
    }

    /// A heading and items after it, in as many rows as they need; none is broken unless it is wider than a row.
    private func flowing(_ heading: String, _ items: [String], _ columns: Int) -> [String] {
        let wrapped = WrappedText(heading, width: columns)
        var rows = wrapped.lines.indices.map { wrapped.text(ofLine: $0).trimmingBlanks }
        if heading.hasPrefix("  ") { rows[0] = "  " + rows[0] }
        for item in items {
            let last = rows[rows.count - 1]
            if TextWidth.of(last) + 2 + TextWidth.of(item) <= columns {
                rows[rows.count - 1] = last + "  " + item
            } else {
                rows.append(Glyphs.ascii.truncated("    " + item, to: max(1, columns)))
            }
        }
        return rows
    }

    /// Everything, a layer a row; for the line mode and notes.
    public var report: String {
        let all = layers.map { "  \(Self.layerName($0.index))  \(DecimalText.fixed($0.change, places: 4))" }
        return (lines(columns: 200) + ["change of each layer:"] + all).joined(separator: "\n")
    }

    private static func layerName(_ index: Int) -> String {
        index < 10 ? "L0\(index)" : "L\(index)"
    }
}

extension TokenChoice {
    /// The token in quotes with its probability, as lists show it: `" on" 0.71`.
    public var shown: String {
        let text = text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
        return "\"\(text)\" \(DecimalText.fixed(Double(probability), places: 2))"
    }
}

extension TokenPlace {
    /// The place and what could have been said there, a token a line; for the line mode.
    public var report: String {
        let read = recomputedTokens == 0 ? "" : ", \(CountText.of(recomputedTokens, "token")) read again"
        let choices = alternatives.enumerated().map { index, choice in
            "  \(index + 1)\(choice.id == chosen?.id ? " *" : "  ") \(choice.shown)"
        }
        let before = text.split(whereSeparator: \.isNewline).last.map { "\u{2026}" + String($0.suffix(60)) } ?? ""
        return
            ([
                "after \(index) of \(CountText.of(count, "token")) of turn \(turn)\(read): \(before)",
                "could come next (* was said; /pick N takes another):",
            ] + choices).joined(separator: "\n")
    }
}
