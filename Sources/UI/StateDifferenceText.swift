public import Chat

extension StateDifference {
    /// Layers that are named in one row.
    private static let shownLayers = 6

    /// What differs, in a few rows.
    func lines(columns: Int) -> [String] {
        let step = max(1, (layers.count + Self.shownLayers - 1) / Self.shownLayers)
        let named = stride(from: 0, to: layers.count, by: step).map { layers[$0] }
        let changes = named.map { "\(Self.layerName($0.index)) \(DecimalText.fixed($0.change, places: 2))" }
        let most = mostChanged.prefix(3).map {
            "\(Self.layerName($0.layer)) \($0.name) (\(DecimalText.fixed($0.change, places: 2)))"
        }
        let least = layers.min { $0.change < $1.change }
        var rows = [
            "state diff \(from) -> \(to)  |h'-h|/|h|  " + changes.joined(separator: "  "),
            "most changed: " + most.joined(separator: ", ")
                + (least.map { "   least: \(Self.layerName($0.index)) (\(DecimalText.fixed($0.change, places: 2)))" }
                    ?? ""),
            "next token: entropy \(DecimalText.fixed(before.entropy, places: 1)) -> "
                + "\(DecimalText.fixed(after.entropy, places: 1)) bit, KL \(DecimalText.fixed(divergence, places: 2)) nat",
        ]
        for (label, prediction) in [(from, before), (to, after)] where !prediction.top.isEmpty {
            rows.append("  after \(label): " + prediction.top.prefix(5).map(\.shown).joined(separator: "  "))
        }
        return rows.map { Self.cut($0, columns) }
    }

    /// Everything, a layer a row; for the line mode and notes.
    public var report: String {
        let all = layers.map { "  \(Self.layerName($0.index))  \(DecimalText.fixed($0.change, places: 4))" }
        return (lines(columns: 200) + ["change of each layer:"] + all).joined(separator: "\n")
    }

    private static func layerName(_ index: Int) -> String {
        index < 10 ? "L0\(index)" : "L\(index)"
    }

    private static func cut(_ text: String, _ columns: Int) -> String {
        text.count <= columns ? text : String(text.prefix(max(0, columns)))
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
        let read = recomputedTokens == 0 ? "" : ", \(recomputedTokens) tokens read again"
        let choices = alternatives.enumerated().map { index, choice in
            "  \(index + 1)\(choice.id == chosen?.id ? " *" : "  ") \(choice.shown)"
        }
        let before = text.split(whereSeparator: \.isNewline).last.map { "\u{2026}" + String($0.suffix(60)) } ?? ""
        return
            ([
                "after \(index) of \(count) tokens of turn \(turn)\(read): \(before)",
                "could come next (* was said; /pick N takes another):",
            ] + choices).joined(separator: "\n")
    }
}
