import Chat

/// The probability of the token that was chosen last, and the entropy of what it was chosen from.
///
/// Both are of the model's own prediction, before any filter.
public struct LastTokenGauge: Gauge {
    public var dropOrder: Int? { -3 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        guard let token = readings.lastToken else { return nil }
        let entropy = token.entropy.map { "  H \(DecimalText.fixed(Double($0), places: 1)) bit" } ?? ""
        return "p \(DecimalText.fixed(Double(token.probability), places: 2))" + entropy
    }
}
