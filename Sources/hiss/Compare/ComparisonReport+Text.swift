import Chat
import Screen
import UI

extension ComparisonReport {
    /// A measure with its values on both sides.
    struct Row {
        var name: String
        var a: String
        var b: String
    }

    /// What both sides did over all prompts; `--` where there is nothing to say.
    var rows: [Row] {
        let (a, b) = (total(.a), total(.b))
        func row(_ name: String, _ value: (ComparisonTotal) -> String?) -> Row {
            Row(name: name, a: value(a) ?? "--", b: value(b) ?? "--")
        }
        func rate(_ value: Double?) -> String? { value.map { DecimalText.fixed($0, places: 1) } }
        let growth = { (side: ChatPair.Side) -> String in
            let bytes = models[side]?.stateBytesPerToken ?? 0
            return bytes == 0 ? "0" : ByteText.long(bytes)
        }
        return [
            row("answer, tokens/s") { rate($0.tokensPerSecond) },
            row("prompt, tokens/s") { rate($0.promptTokensPerSecond) },
            row("first token, ms") { rate($0.timeToFirstToken.map { $0 * 1000 }) },
            row("context memory") { ByteText.long($0.memoryBytes) },
            Row(name: "growth per token", a: growth(.a), b: growth(.b)),
            row(mode == .lockstep ? "perplexity of A's answers" : "perplexity of its own answers") {
                $0.perplexity.map { DecimalText.fixed($0, places: 3) }
            },
        ]
    }

    /// What B makes of A's tokens, in words; nil in free mode.
    var agreement: String? { Self.words(tally) }

    private static func words(_ tally: ComparisonTally) -> String? {
        guard let agreement = tally.agreement, let divergence = tally.meanDivergence else { return nil }
        let first = tally.firstDifference.map { "the first difference at token \($0 + 1)" } ?? "no difference"
        return "same first choice \(DecimalText.fixed(agreement * 100, places: 1)) % of \(tally.count) tokens, "
            + "KL(A||B) \(DecimalText.fixed(divergence, places: 3)) nats, \(first)"
    }

    /// For people at a terminal.
    var text: String {
        var lines: [String] = []
        for prompt in prompts {
            lines += ["> " + prompt.text]
            for side in ChatPair.Side.allCases where mode == .free || side == .a {
                lines += ["", "\(side.rawValue)  " + (prompt.sides[side]?.text ?? "")]
            }
            if let words = Self.words(prompt.tally) { lines += ["", "B  " + words + Self.difference(in: prompt)] }
            lines.append("")
        }
        lines += ["A  " + title(.a), "B  " + title(.b), ""]
        if !prompts.isEmpty { lines += table }
        if let agreement { lines += ["", agreement] }
        if let probes { lines += (prompts.isEmpty ? [] : [""]) + probes.textLines }
        return InertText.plain(lines.map { $0 + "\n" }.joined())
    }

    private var table: [String] {
        let widths = (rows.map(\.name.count).max() ?? 0, rows.map { max($0.a.count, 1) }.max() ?? 0)
        return ([Row(name: "", a: "A", b: "B")] + rows).map { row in
            row.name.padding(to: widths.0) + "  " + row.a.padding(to: widths.1) + "  " + row.b
        }
    }

    /// What B would have said where it first differs.
    private static func difference(in prompt: ComparedPrompt) -> String {
        let tokens = prompt.sides[.b]?.tokens ?? []
        guard let place = prompt.tally.firstDifference, tokens.indices.contains(place),
            let comparison = tokens[place].comparison
        else { return "" }
        return " (\"\(comparison.choice.text)\" for \"\(tokens[place].text)\")"
    }

    func title(_ side: ChatPair.Side) -> String {
        guard let model = models[side] else { return "" }
        return "\(model.title), \(model.family), \(model.precision)"
    }

    /// A table and the answers, to paste into a text.
    var markdown: String {
        var lines = [
            "| | A | B |", "| --- | --- | --- |", "| model | \(Self.cell(title(.a))) | \(Self.cell(title(.b))) |",
        ]
        if !prompts.isEmpty { lines += promptLines }
        if let probes { lines += [""] + probes.markdownLines }
        return lines.map { $0 + "\n" }.joined()
    }

    private var promptLines: [String] {
        var lines = rows.map { "| \($0.name) | \($0.a) | \($0.b) |" }
        lines += [
            "", mode == .lockstep ? "Both were fed A's tokens: \(agreement ?? "no token")." : "Each said its own.",
        ]
        let drawn = sampling.temperature > 0 ? ", temperature \(sampling.temperature), seed \(sampling.seed ?? 0)" : ""
        let asked = prompts.count == 1 ? "One prompt" : "\(prompts.count) prompts, each in a conversation of its own"
        lines += ["", "\(asked)\(drawn).", ""]
        lines +=
            mode == .lockstep
            ? ["| prompt | A's answer | same first choice | KL(A\\|\\|B) |", "| --- | --- | --- | --- |"]
            : ["| prompt | A | B |", "| --- | --- | --- |"]
        for prompt in prompts {
            let answer = { (side: ChatPair.Side) in Self.cell(prompt.sides[side]?.text ?? "") }
            let figures: [String] =
                mode == .lockstep
                ? [
                    prompt.tally.agreement.map { DecimalText.fixed($0 * 100, places: 1) + " %" } ?? "--",
                    prompt.tally.meanDivergence.map { DecimalText.fixed($0, places: 3) } ?? "--",
                ] : [answer(.b)]
            lines.append("| " + ([Self.cell(prompt.text), answer(.a)] + figures).joined(separator: " | ") + " |")
        }
        return lines
    }

    /// A text as it may stand in a table: what would end the cell, or begin markup, is escaped.
    private static func cell(_ text: String) -> String {
        InertText.plain(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
}
