import Chat
import Screen

/// What a comparison plots: memory against tokens, and the decode rate against depth.
struct PairPlots {
    /// Tokens up to which memory is drawn.
    private static let tokens = 65536

    var pair: PairModel

    /// Bytes of a side's state after so many tokens: as its model has it.
    static func bytes(_ model: ModelSummary, tokens: Int) -> Int {
        model.stateBytes + tokens * model.stateBytesPerToken
    }

    /// Context memory against tokens seen: what was measured up to where the conversation stands, and what is to come.
    var memory: CharacterPlot {
        let deepest = ChatPair.Side.allCases.compactMap { pair.depths[$0]?.all.last?.tokensSeen }.max() ?? 1
        var most = Self.tokens
        while most < deepest { most *= 4 }
        let series = ChatPair.Side.allCases.compactMap { side -> CharacterPlot.Series? in
            guard let model = pair.models[side] else { return nil }
            let measured = pair.depths[side]?.all ?? []
            var points = measured.map { (x: Double($0.tokensSeen), y: Double($0.stateBytes)) }
            let (from, to) = (measured.first?.tokensSeen ?? most, measured.last?.tokensSeen ?? 0)
            var depth = 1
            while depth <= most {
                if depth < from || depth > to {
                    points.append((x: Double(depth), y: Double(Self.bytes(model, tokens: depth))))
                }
                depth *= 2
            }
            points.sort { $0.x < $1.x }
            let mark = measured.last.map { (x: Double($0.tokensSeen), y: Double($0.stateBytes)) }
            return CharacterPlot.Series(letter: side.rawValue, points: points, mark: mark)
        }
        let values = series.flatMap { $0.points.map(\.y) }.filter { $0 > 0 }
        let low = Self.powers(of: 4, upTo: values.min() ?? 1).last ?? 1
        let ticks = Self.powers(of: 4, from: low, upTo: 4 * (values.max() ?? 1))
        let x = CharacterPlot.Axis(
            scale: .logarithmic, range: 1...Double(most), ticks: Self.powers(of: 4, upTo: Double(most)),
            text: Self.tokensText)
        let y = CharacterPlot.Axis(
            scale: .logarithmic, range: low...max(low * 4, ticks.last ?? 1), ticks: ticks,
            text: { ByteText.short(Int($0)) })
        return CharacterPlot(x: x, y: y, unit: "tokens", series: series)
    }

    /// The decode rate against tokens seen, as far as the conversation has come.
    var rate: CharacterPlot {
        let series = ChatPair.Side.allCases.map { side in
            CharacterPlot.Series(
                letter: side.rawValue,
                points: (pair.depths[side]?.all ?? []).compactMap { reading in
                    reading.tokensPerSecond.map { (x: Double(reading.tokensSeen), y: $0) }
                })
        }
        let points = series.flatMap(\.points)
        let most = Self.powers(of: 4, from: 64, upTo: 4 * (points.map(\.x).max() ?? 64)).last ?? 256
        let least = Self.powers(of: 4, upTo: points.map(\.x).min() ?? 1).last ?? 1
        let top = Self.roundNumber(atLeast: points.map(\.y).max() ?? 1)
        return CharacterPlot(
            x: CharacterPlot.Axis(
                scale: .logarithmic, range: least...max(most, least * 4),
                ticks: Self.powers(of: 4, from: least, upTo: most), text: Self.tokensText),
            y: CharacterPlot.Axis(
                scale: .linear, range: 0...top, ticks: [top, 0, top / 2], text: { DecimalText.rate($0) }),
            unit: "tokens seen", series: series)
    }

    /// What the memory plot says, in words.
    var memoryText: [String] {
        let depths = [64, 1024, 16384, Self.tokens]
        var lines = ChatPair.Side.allCases.compactMap { side -> String? in
            guard let model = pair.models[side] else { return nil }
            let places = depths.map {
                "\(ByteText.short(Self.bytes(model, tokens: $0))) at \(Self.tokensText(Double($0)))"
            }
            let now = pair.depths[side]?.all.last.map {
                "\(ByteText.short($0.stateBytes)) at \($0.tokensSeen) tokens now; "
            }
            return "memory \(side.rawValue)  " + (now ?? "") + places.joined(separator: ", ")
        }
        if let crossing { lines.append(crossing) }
        return lines
    }

    /// From where on the model whose memory grows faster needs more.
    private var crossing: String? {
        guard let a = pair.models[.a], let b = pair.models[.b], a.stateBytesPerToken != b.stateBytesPerToken else {
            return nil
        }
        let (slow, fast, letter) = a.stateBytesPerToken < b.stateBytesPerToken ? (a, b, "B") : (b, a, "A")
        let ahead = slow.stateBytes - fast.stateBytes
        let tokens = ahead > 0 ? ahead / (fast.stateBytesPerToken - slow.stateBytesPerToken) + 1 : 0
        return "memory of \(letter) is the larger one from \(tokens) tokens on"
    }

    /// What the plot of rates says, in words.
    var rateText: [String] {
        ChatPair.Side.allCases.compactMap { side in
            let places = (pair.depths[side]?.all ?? []).compactMap { reading in
                reading.tokensPerSecond.map { "\(DecimalText.rate($0)) at \(reading.tokensSeen)" }
            }
            return places.isEmpty ? nil : "tok/s \(side.rawValue)  " + places.joined(separator: ", ")
        }
    }

    /// `64`, `1K`, `64K`, `1M`.
    static func tokensText(_ value: Double) -> String {
        let tokens = Int(value)
        if tokens >= 1 << 20 { return "\(tokens >> 20)M" }
        return tokens >= 1024 ? "\(tokens >> 10)K" : String(tokens)
    }

    private static func powers(of base: Double, from: Double = 1, upTo most: Double) -> [Double] {
        var (powers, power) = ([Double](), 1.0)
        while power <= most {
            if power >= from { powers.append(power) }
            power *= base
        }
        return powers
    }

    /// 1, 2 or 5 times a power of ten.
    private static func roundNumber(atLeast value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var power = 1.0
        while power > value { power /= 10 }
        while power * 10 <= value { power *= 10 }
        return [1, 2, 5, 10].lazy.map { $0 * power }.first { $0 >= value } ?? value
    }
}

/// A plot with its heading.
struct PlotView: Widget {
    var heading: String
    var plot: CharacterPlot
    var theme: Theme
    var glyphs: Glyphs

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        PlotHeading(text: heading, theme: theme, glyphs: glyphs).draw(into: &frame, in: rest.takeTop(1))
        for runs in plot.rows(columns: rest.columns, height: rest.rows, glyphs: glyphs) {
            var place = Position(column: rest.column, row: rest.takeTop(1).row)
            for run in runs {
                place.column = frame.put(run.text, at: place, in: rect, style: style(of: run.series))
            }
        }
    }

    private func style(of series: Int?) -> Style {
        switch series {
        case 0: theme[.modelLabel]
        case .some: theme[.youLabel]
        case nil: theme[.dim]
        }
    }
}
