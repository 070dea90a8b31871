/// A number that shapes how tokens are chosen: its name, and which values it may have.
///
/// One table for flags, the environment, the configuration file, `/set` and the settings.
public struct SamplingSetting: Sendable {
    /// `temp`; in the configuration file it is in `[sampler]`.
    public let name: String
    public let summary: String
    /// Completes "it has to be …".
    public let expected: String
    /// A value that is right, for messages.
    public let example: String
    /// How much one step changes it.
    public let step: Double
    private let write: @Sendable (String, inout SamplingOptions) -> Bool
    private let read: @Sendable (SamplingOptions) -> String?

    /// The value in `options` as text; nil for a seed that isn't drawn yet.
    public func text(of options: SamplingOptions) -> String? {
        read(options)
    }

    /// Takes `text` as the value; returns false, and changes nothing, where it may not be that.
    public func set(_ text: String, in options: inout SamplingOptions) -> Bool {
        write(text, &options)
    }

    private static func number(
        _ name: String, _ path: any WritableKeyPath<SamplingOptions, Double> & Sendable, _ range: ClosedRange<Double>,
        step: Double, _ summary: String, expected: String, example: String
    ) -> SamplingSetting {
        SamplingSetting(
            name: name, summary: summary, expected: expected, example: example, step: step,
            write: { text, options in
                guard let value = Double(text), range.contains(value) else { return false }
                options[keyPath: path] = value
                return true
            }, read: { $0[keyPath: path].description })
    }

    public static let temperature = number(
        "temp", \.temperature, 0...100, step: 0.1, "0 always takes the likeliest token",
        expected: "a number from 0 (always the likeliest token) to 100", example: "0.7")
    public static let topP = number(
        "top_p", \.topP, 0...1, step: 0.05, "keeps the likeliest tokens up to this probability",
        expected: "a number from 0 to 1 (all tokens)", example: "0.95")
    public static let topK = SamplingSetting(
        name: "top_k", summary: "keeps the k likeliest tokens; 0 is all",
        expected: "a whole number, 0 (all tokens) or more", example: "40", step: 5,
        write: { text, options in
            guard let value = Int(text), value >= 0 else { return false }
            options.topK = value
            return true
        }, read: { String($0.topK) })
    public static let minP = number(
        "min_p", \.minP, 0...1, step: 0.01, "keeps tokens this likely, relative to the likeliest",
        expected: "a number from 0 (all tokens) to 1", example: "0.05")
    public static let repeatPenalty = number(
        "repeat_penalty", \.repeatPenalty, 0.01...100, step: 0.05, "makes recent tokens less likely; 1 is off",
        expected: "a number from 0.01 to 100; 1 is none", example: "1.1")
    public static let seed = SamplingSetting(
        name: "seed", summary: "the same seed gives the same text",
        expected: "a whole number from 0 to 18446744073709551615", example: "1", step: 1,
        write: { text, options in
            guard let value = UInt64(text) else { return false }
            options.seed = value
            return true
        }, read: { $0.seed.map { String($0) } })

    public static let all = [temperature, topP, topK, minP, repeatPenalty, seed]
}
