import Chat
import UI

extension ComparisonReport {
    private static let colors: [ChatPair.Side: String] = [.a: "#0072b2", .b: "#d55e00"]

    /// Drawings: memory against tokens, and in lock-step what each token was to B.
    var svg: String {
        var plots = [memoryPlot]
        if mode == .lockstep { plots.append(divergencePlot) }
        return LinePlot.document(plots)
    }

    /// Context memory after so many tokens, by what each model's state takes.
    private var memoryPlot: LinePlot {
        let depths = (0...16).map { Double(1 << $0) }
        return LinePlot(
            title: "Context memory against tokens", xTitle: "tokens", yTitle: "bytes", xScale: .logarithmic,
            yScale: .logarithmic, yText: { ByteText.short(Int($0)) },
            series: ChatPair.Side.allCases.compactMap { side in
                models[side].map { model in
                    LinePlot.Series(
                        name: "\(side.rawValue)  \(model.name)", color: Self.colors[side] ?? "black",
                        points: depths.map {
                            ($0, Double(model.stateBytes) + $0 * Double(model.stateBytesPerToken))
                        })
                }
            })
    }

    /// Mean KL(A‖B) at each place of an answer.
    private var divergencePlot: LinePlot {
        let answers = prompts.map { ($0.sides[.b]?.tokens ?? []).compactMap(\.comparison?.divergence) }
        let length = answers.map(\.count).max() ?? 0
        let points = (0..<length).map { place -> (x: Double, y: Double) in
            let values = answers.compactMap { $0.indices.contains(place) ? $0[place] : nil }
            return (Double(place + 1), values.reduce(0, +) / Double(values.count))
        }
        return LinePlot(
            title: "KL(A||B) along the answers, mean over prompts", xTitle: "token of the answer", yTitle: "nats",
            series: [LinePlot.Series(name: "KL(A||B)", color: "#009e73", points: points)])
    }
}
