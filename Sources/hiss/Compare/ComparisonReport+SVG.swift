import Chat
import UI

extension ComparisonReport {
    /// Drawings: memory against tokens, in lock-step what each token was to B, and what probes found.
    var svg: String {
        var plots = [memoryPlot]
        if mode == .lockstep, !prompts.isEmpty { plots.append(divergencePlot) }
        return LinePlot.document(plots + (probes?.plots ?? []))
    }

    /// Context memory after so many tokens, by what each model's state takes.
    private var memoryPlot: LinePlot {
        let depths = (0...16).map { Double(1 << $0) }
        return LinePlot(
            title: "Context memory against tokens", xTitle: "tokens", yTitle: "bytes", xScale: .logarithmic,
            yScale: .logarithmic, yText: { ByteText.short(Int($0)) },
            series: zip(ChatPair.Side.allCases, LinePlot.colors).compactMap { side, color in
                models[side].map { model in
                    LinePlot.Series(
                        name: "\(side.rawValue)  \(model.name)", color: color,
                        points: depths.map {
                            LinePlot.Point(
                                x: $0, y: Double(model.stateBytes) + $0 * Double(model.stateBytesPerToken))
                        })
                }
            })
    }

    /// Mean KL(A‖B) at each place of an answer.
    private var divergencePlot: LinePlot {
        let answers = prompts.map { ($0.sides[.b]?.tokens ?? []).compactMap(\.comparison?.divergence) }
        let length = answers.map(\.count).max() ?? 0
        let points = (0..<length).map { place -> LinePlot.Point in
            let values = answers.compactMap { $0.indices.contains(place) ? $0[place] : nil }
            return LinePlot.Point(x: Double(place + 1), y: values.reduce(0, +) / Double(values.count))
        }
        return LinePlot(
            title: "KL(A||B) along the answers, mean over prompts", xTitle: "token of the answer", yTitle: "nats",
            series: [LinePlot.Series(name: "KL(A||B)", color: LinePlot.colors[2], points: points)])
    }
}
