import Chat
import Screen

/// What the layers do with a token, a layer a row: step size, half-life, how far it reads, and the logit lens.
struct LayerTable {
    private let insight: Insight
    private let glyphs: Glyphs
    /// Whether the layers differ in how they read, so that each says it.
    private let isMixed: Bool
    private let steps: [Double]
    private let lives: [Double]

    init(_ insight: Insight, _ glyphs: Glyphs) {
        self.insight = insight
        self.glyphs = glyphs
        isMixed = Set(insight.layers.map(\.mixer)).count > 1
        var readings = GaugeReadings()
        readings.metrics.layers = insight.layers.compactMap(\.reading)
        // What the gauges show of them, in the order of the layers that have some.
        let (steps, lives) = (DeltaGauge().graph(readings), HalfLifeGauge().graph(readings))
        var index = 0
        var places: [Int?] = []
        for layer in insight.layers {
            places.append(layer.reading == nil ? nil : index)
            if layer.reading != nil { index += 1 }
        }
        self.steps = places.map { $0.flatMap { steps.indices.contains($0) ? steps[$0] : nil } ?? 0 }
        self.lives = places.map { $0.flatMap { lives.indices.contains($0) ? lives[$0] : nil } ?? 0 }
    }

    private var hasStates: Bool { insight.layers.contains { $0.reading != nil } }

    var heading: String {
        (["layer"] + (isMixed ? ["    "] : []) + (hasStates ? ["delta  ", "half-life"] : []) + ["90 % in", "lens"])
            .joined(separator: " ")
    }

    /// One layer's row.
    func text(_ index: Int) -> String {
        let layer = insight.layers[index]
        var parts = [(index == insight.layer ? ">" : " ") + LayerRange.name(index).padding(to: 4)]
        if isMixed { parts.append(layer.mixer.short.padding(to: 4)) }
        if hasStates {
            let delta = layer.reading.map { DeltaGauge.format($0.meanStep) } ?? "--"
            let life = layer.reading.map { HalfLifeGauge.format($0.halfLife) } ?? "--"
            parts.append(delta.leading(to: 5) + " " + bar(layer.reading == nil ? nil : steps[index]))
            parts.append(life.leading(to: 7) + " " + bar(layer.reading == nil ? nil : lives[index]))
        }
        let reach = layer.mixer == .none ? "--" : layer.reach.map(String.init) ?? ">\(insight.reader + 1)"
        parts.append(reach.leading(to: 5) + " " + bar(layer.reach.map(fraction)))
        let lens = layer.lens.map {
            let name = glyphs.truncated(TopChoicesGauge.quoted($0.text), to: 10).padding(to: 10)
            return name + DecimalText.fixed(Double($0.probability), places: 2).leading(to: 5)
        }
        return (parts + [lens ?? "--"]).joined(separator: " ") + " "
    }

    /// A reach on the way from one token to all of them, by its logarithm.
    private func fraction(_ reach: Int) -> Double {
        let all = Double(insight.reader + 1)
        return all > 1 ? Self.logarithm(Double(reach)) / Self.logarithm(all) : 1
    }

    /// log₂ as far as a bar tells numbers apart.
    private static func logarithm(_ value: Double) -> Double {
        Double(value.exponent) + value.significand - 1
    }

    private func bar(_ fraction: Double?) -> String {
        fraction.map { glyphs.level($0) } ?? " "
    }
}

extension Insight.Mixer {
    /// In four columns at most.
    var short: String {
        switch self {
        case .mamba: "M1"
        case .mamba2: "M2"
        case .attention: "attn"
        case .mambaAndAttention: "M1+a"
        case .mamba2AndAttention: "M2+a"
        case .none: "--"
        }
    }
}
