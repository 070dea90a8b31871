import Chat
public import Screen

/// Tokens after which a layer's state has lost half of what it took in.
public struct HalfLifeGauge: Gauge {
    public var dropOrder: Int? { -7 }
    public var gradient: GradientName? { .state }

    public init() {}

    private func range(_ readings: GaugeReadings) -> LayerRange? {
        LayerRange(readings.metrics.layers.map { ($0.layer, $0.halfLife) })
    }

    public func text(_ readings: GaugeReadings) -> String? {
        range(readings).map { "half-life \(Self.format($0.median)) tok" }
    }

    /// Each layer's place between the shortest and the longest half-life, by their logarithms: they differ by orders.
    public func graph(_ readings: GaugeReadings) -> [Double] {
        let lives = readings.metrics.layers.map { Self.logarithm($0.halfLife) }
        guard let least = lives.min(), let most = lives.max(), most > least else { return lives.map { _ in 0.5 } }
        return lives.map { ($0 - least) / (most - least) }
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        range(readings).map { ["half-life, tokens: " + $0.text(Self.format)] } ?? []
    }

    static func format(_ tokens: Double) -> String {
        tokens.isFinite && tokens < 1e6 ? DecimalText.threeDigits(tokens) : ">1M"
    }

    /// log₂ of a half-life, within what is told apart.
    private static func logarithm(_ tokens: Double) -> Double {
        let bounded = min(1e6, max(1e-3, tokens))
        return Double(bounded.exponent) + bounded.significand - 1
    }
}
