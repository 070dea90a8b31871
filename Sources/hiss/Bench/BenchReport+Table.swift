import Chat
import Engine
import UI

extension BenchReport {
    /// The report for people.
    var table: String {
        var lines = [
            row("model", "\(model.title), \(model.family), \(model.parameters) weights, \(model.precision)"),
            row("machine", "\(instructionSet), \(model.threads) threads"),
        ]
        for speeds in speeds { lines += rows(speeds) }
        lines += [
            row("load", "\(fixed(loadSeconds, 3)) s"),
            row("peak memory", ByteText.long(peakBytes)),
            row("bandwidth", "\(fixed(readBandwidth / 1e9, 1)) GB/s when memory is read with all processors"),
        ]
        if let profile { lines += rows(profile) }
        if let answer { lines += rows(answer) }
        if let sideBySide { lines += rows(sideBySide) }
        if let sessions { lines += rows(sessions) }
        if !kernels.isEmpty { lines += kernelRows }
        return lines.map { "\($0)\n" }.joined()
    }

    private func rows(_ speeds: DepthSpeeds) -> [String] {
        let after = speeds.depth > 0 ? " after \(speeds.depth)" : ""
        var lines = [
            row("prefill", "\(speed(speeds.prefill)) for \(promptTokens) tokens\(after)"),
            row("", "\(fixed(prefillRate(speeds) / 1e9, 0)) GOP/s in products with weights"),
            row("decode", "\(speed(speeds.decode)) for \(decodeTokens) tokens\(after)"),
            row(
                "",
                "a token moves \(ByteText.long(bytesPerToken(speeds))) of weights and state: "
                    + "\(fixed(bandwidthFraction(speeds) * 100, 0)) % of the bandwidth"),
            row("state", ByteText.long(speeds.stateBytes)),
        ]
        if speeds.cacheIsMadeUp {
            lines.append(row("", "keys and values of the first \(speeds.depth) tokens were made up, not computed"))
        }
        return lines
    }

    private func rows(_ profile: Profile) -> [String] {
        profile.parts.flatMap { part -> [String] in
            let perToken = 1e6 / Double(part.tokens)
            return ["", "\(part.title): \(fixed(part.times.total * perToken, 1)) µs a token"]
                + part.times.ranked.map { name, seconds in
                    "  \(name.padding(to: 14))\(fixed(seconds * perToken, 2).padding(from: 9)) µs"
                        + "\(fixed(100 * seconds / part.times.total, 1).padding(from: 7)) %"
                }
        }
    }

    private func rows(_ answer: AnswerMeasure.Outcome) -> [String] {
        let part = { (part: Double) in "\(fixed(100 * part, 1)) % of a token's time" }
        return [
            "", "an answer, beside feeding its tokens",
            row("  fed", speed(answer.fed)),
            row("  and chosen", "\(speed(answer.chosen)); choosing takes \(part(answer.choosingPart))"),
            row("  and kept", "\(speed(answer.kept)); places to go back to take \(part(answer.keepingPart))"),
        ]
    }

    private func rows(_ pair: SideBySideMeasure.Outcome) -> [String] {
        let part = { (spread: Spread) in "\(fixed(100 * spread.median / pair.alone.median, 0)) %" }
        return [
            "", "two sessions decode at the same time, sampling included",
            row("  one alone", speed(pair.alone)),
            row("  together", "\(speed(pair.together)), \(part(pair.together))"),
            row("  each", "\(part(pair.slower)) and \(part(pair.faster)) of one alone"),
        ]
    }

    private func rows(_ sessions: SessionMeasure.Outcome) -> [String] {
        [
            "",
            "a session of \(sessions.tokens) tokens in \(sessions.turns) turns, \(ByteText.long(sessions.textBytes)) of text",
        ]
            + sessions.rows.map { row in
                let text =
                    "\(milliseconds(row.spread.median)) (\(milliseconds(row.spread.min)) to \(milliseconds(row.spread.max)))"
                return "  \(row.title.padding(to: 42))\(text)"
            }
    }

    private func milliseconds(_ seconds: Double) -> String { "\(fixed(seconds * 1000, 2)) ms" }

    private var kernelRows: [String] {
        let titles = ["one token", "\(KernelMeasure.chunk) tokens", "streaming"].map { $0.padding(from: 13) }
        let head = ["", "  " + "matrices".padding(to: 26) + titles.joined()]
        let rows = kernels.map { kernel -> String in
            let name = "\(kernel.count) × \(kernel.kind.typeName) \(kernel.kind.rows) × \(kernel.kind.columns)"
            let figures = [
                "\(fixed(kernel.decodeRate / 1e9, 0)) GOP/s", "\(fixed(kernel.prefillRate / 1e9, 0)) GOP/s",
                "\(fixed(kernel.streamingRate / 1e9, 1)) GB/s",
            ]
            return "  " + name.padding(to: 26) + figures.map { $0.padding(from: 13) }.joined()
        }
        let part = kernelPeak > 0 ? fixed(100 * prefillRate(speeds[0]) / kernelPeak, 0) : "?"
        return head + rows + [
            "  a prompt's products could reach \(fixed(kernelPeak / 1e9, 0)) GOP/s; reading one gets \(part) % of it"
        ]
    }

    private func row(_ title: String, _ text: String) -> String {
        title.padding(to: 14) + text
    }

    private func speed(_ spread: Spread) -> String {
        "\(fixed(spread.median, 1)) tokens/s (\(fixed(spread.min, 1)) to \(fixed(spread.max, 1)))"
    }

    private func fixed(_ value: Double, _ places: Int) -> String { DecimalText.fixed(value, places: places) }
}
