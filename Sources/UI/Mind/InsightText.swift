public import Chat
import Screen

extension Insight {
    /// Which token, layer and head is looked at.
    var placeText: String {
        let (tokens, mixer) = (positions, layers[layer].mixer)
        return
            "token \(position) of \(tokens.lowerBound)-\(tokens.upperBound - 1), layer \(layer) of 0-\(layers.count - 1): "
            + mixer.rawValue + headText
    }

    private var headText: String {
        let head = scan?.head ?? attention?.head
        guard headCount > 0 else { return "" }
        let unit = layers[layer].mixer == .mamba ? "channel" : "head"
        return head.map { ", \(unit) \($0) of 0-\(headCount - 1)" } ?? ", mean of \(headCount) \(unit)s"
    }

    /// What the row comes to.
    var summaryText: String {
        var parts = reachTexts
        if let reading = layers[layer].reading {
            parts.append("the layer's half-life is \(HalfLifeGauge.format(reading.halfLife)) tokens")
        }
        if let attention, attention.earlier > 0 {
            parts.append("\(PercentText.of(attention.earlier)) goes before token \(start)")
        } else if start > 0 {
            parts.append("traced from token \(start) on")
        }
        if parts.isEmpty { parts = ["this layer reads earlier tokens through nothing that is traced"] }
        return parts.joined(separator: "; ")
    }

    /// How far back it reads.
    var reachTexts: [String] {
        var parts: [String] = []
        if let scan { parts.append("reads 90 % from the last \(Self.tokens(scan.reach))") }
        if let attention {
            let reach = attention.reach.map { "in the last \(Self.tokens($0))" } ?? "further back than the trace"
            parts.append("attention: 90 % \(reach)")
        }
        return parts
    }

    static func tokens(_ count: Int) -> String { count == 1 ? "token" : "\(count) tokens" }

    /// All of it as text, for the line mode and for screen readers.
    public var report: String {
        let reread =
            rereadTokens == 0
            ? "traced as it was read" : "\(rereadTokens) tokens were read again to see this, on a copy"
        let table = LayerTable(self, .ascii)
        let order = sources(10).map { source in
            let back = reader - source.token
            return "  \(start + source.token) \(tokens[source.token].quoted) \(PercentText.of(source.share))"
                + (back == 0 ? " (itself)" : " (\(back) back)")
        }
        let follows = next.map { "  \($0.shown)" + ($0.id == followed?.id ? " (came)" : "") }
        let row = rows.map { row in
            "\(row.label): "
                + row.values.indices.map { "\(tokens[$0].quoted) \(row.text($0))" }.joined(separator: "  ")
        }
        return
            (["\(tokens[reader].quoted): \(placeText)", summaryText, reread]
            + ["most is read from:"] + order + ["what could come next:"] + follows
            + ["layers:", table.heading] + layers.indices.map { table.text($0) } + row
            + [MindLimits.short(self)]).joined(separator: "\n")
    }
}
