/// Something that shapes an answer and can be changed between two: its name, and which values it may have.
///
/// One table for `/set` of both front ends.
public struct GenerationSetting: Sendable {
    public let name: String
    /// Its name in the configuration file; nil for one that isn't kept.
    public let key: String?
    public let summary: String
    /// Completes "it has to be …".
    public let expected: String
    /// The value as text, which `set` takes again.
    public let text: @Sendable (GenerationOptions) -> String
    /// Takes text as the value; returns false, and changes nothing, where it may not be that.
    public let set: @Sendable (_ text: String, inout GenerationOptions) -> Bool
    /// The value a step up or down from the present one.
    public let step: @Sendable (GenerationOptions, _ direction: Int) -> String

    /// The values that are words.
    public var words: [String] = []

    /// What a seed is that is drawn for each answer.
    public static let drawnSeed = "new"

    public static let all: [GenerationSetting] = SamplingSetting.all.map(sampling) + [maxTokens, trace]

    private static func sampling(_ setting: SamplingSetting) -> GenerationSetting {
        GenerationSetting(
            name: setting.name, key: "sampler." + setting.name, summary: setting.summary,
            expected: setting.name == SamplingSetting.seed.name
                ? setting.expected + ", or \(drawnSeed)" : setting.expected,
            text: { setting.text(of: $0.sampling) ?? drawnSeed },
            set: { text, options in
                if setting.name == SamplingSetting.seed.name, text == drawnSeed {
                    options.sampling.seed = nil
                    return true
                }
                return setting.set(text, in: &options.sampling)
            },
            step: { options, direction in
                guard let text = setting.text(of: options.sampling), let value = Double(text) else { return "0" }
                let next = ((value + Double(direction) * setting.step) * 1000).rounded() / 1000
                // A whole number stays one.
                return text.contains(".") ? next.description : String(Int(exactly: next) ?? 0)
            }, words: setting.name == SamplingSetting.seed.name ? [drawnSeed] : [])
    }

    private static let maxTokens = GenerationSetting(
        name: "max_tokens", key: nil, summary: "the most tokens of one answer; 0 is no limit",
        expected: "a whole number, 0 (no limit) or more",
        text: { $0.maxTokens.map { String($0) } ?? "0" },
        set: { text, options in
            guard let value = Int(text), value >= 0 else { return false }
            options.maxTokens = value == 0 ? nil : value
            return true
        },
        step: { options, direction in String(max(0, (options.maxTokens ?? 0) + direction * 128)) })

    private static let trace = GenerationSetting(
        name: "trace", key: "trace", summary: "keeps what layers do with the last 512 tokens; costs memory and time",
        expected: "on or off",
        text: { $0.traces ? "on" : "off" },
        set: { text, options in
            guard ["on", "off"].contains(text) else { return false }
            options.traces = text == "on"
            return true
        },
        step: { options, _ in options.traces ? "off" : "on" }, words: ["on", "off"])
}
