import Chat
import Screen

/// The tokens that the model found likeliest where it chose the last one, before any filter.
public struct TopChoicesGauge: Gauge {
    public var dropOrder: Int? { -6 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        guard let choices = readings.lastToken?.alternatives, !choices.isEmpty else { return nil }
        return "top " + choices.prefix(3).map { Self.text($0) }.joined(separator: ", ")
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        guard let choices = readings.lastToken?.alternatives, !choices.isEmpty else { return [] }
        return ["top-k, before filters: " + choices.map { "\(Self.text($0)) (id \($0.id))" }.joined(separator: ", ")]
    }

    private static func text(_ choice: TokenChoice) -> String {
        "\(quoted(choice.text)) \(DecimalText.fixed(Double(choice.probability), places: 2))"
    }

    /// A token's text as it can stand in a line.
    static func quoted(_ text: String) -> String {
        "\"" + InertText.plain(text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")) + "\""
    }
}
