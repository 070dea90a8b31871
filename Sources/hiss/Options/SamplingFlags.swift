import ArgumentParser
import Chat
import Launch

/// How the next token is chosen.
///
/// Values are text here: `SettingKeys` says which are right, for flags as for every other place.
struct SamplingFlags: ParsableArguments {
    private static let builtIn = SamplingOptions()

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Temperature; 0 always takes the likeliest token (default: \(builtIn.temperature)).", valueName: "t"))
    var temp: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep the likeliest tokens up to this probability (default: \(builtIn.topP)).", valueName: "p"))
    var topP: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep the k likeliest tokens (default: \(builtIn.topK)).", valueName: "k"))
    var topK: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep tokens this likely, relative to the likeliest (default: \(builtIn.minP)).", valueName: "p"))
    var minP: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Make recent tokens less likely (default: \(builtIn.repeatPenalty); 1 is off).", valueName: "x"))
    var repeatPenalty: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The same seed gives the same text.", valueName: "n"))
    var seed: String?

    /// What was said, by the settings' names.
    var given: [String: String] {
        [
            SettingKeys.temperature.name: temp, SettingKeys.topP.name: topP, SettingKeys.topK.name: topK,
            SettingKeys.minP.name: minP, SettingKeys.repeatPenalty.name: repeatPenalty, SettingKeys.seed.name: seed,
        ].compactMapValues { $0 }
    }

    /// The options that these flags, the environment and the configuration come to, always with a seed.
    func options(_ composition: Composition) throws -> SamplingOptions {
        var options = SamplingOptions()
        options.temperature = try composition.value(
            of: SettingKeys.temperature, flag: temp, builtIn: options.temperature)
        // The likeliest token is the model's own, unless a penalty was asked for.
        if options.temperature == 0 { options = .greedy }
        options.topP = try composition.value(of: SettingKeys.topP, flag: topP, builtIn: options.topP)
        options.topK = try composition.value(of: SettingKeys.topK, flag: topK, builtIn: options.topK)
        options.minP = try composition.value(of: SettingKeys.minP, flag: minP, builtIn: options.minP)
        options.repeatPenalty = try composition.value(
            of: SettingKeys.repeatPenalty, flag: repeatPenalty, builtIn: options.repeatPenalty)
        // Short enough to be typed again.
        let drawn = UInt64.random(in: 0..<(1 << 32))
        options.seed = try composition.value(of: SettingKeys.seed, flag: seed, builtIn: drawn)
        return options
    }
}
