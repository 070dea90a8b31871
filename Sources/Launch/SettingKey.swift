/// The types of values in the configuration file.
package enum SettingType: String, Sendable {
    case text, integer, number, boolean
}

/// A setting's name, and which values it may have.
///
/// One rule for every place that can hold it: the flag, the environment (`sampler.top_p` is `HISS_SAMPLER_TOP_P`), and
/// the configuration file.
package struct SettingKey<Value: Sendable>: Sendable {
    /// Its name in the configuration file, after the tables' names and dots.
    package let name: String
    /// Its flag, as messages show it.
    package let flag: String
    package let type: SettingType
    /// Completes "it has to be …".
    package let expected: String
    /// A value that is right, for messages.
    package let example: String
    /// Returns the value that `text` stands for, or nil if it may not be that.
    package let read: @Sendable (_ text: String) -> Value?

    package var environmentName: String {
        "HISS_" + name.uppercased().replacing(".", with: "_")
    }

    fileprivate init(
        _ name: String, flag: String, _ type: SettingType, _ expected: String, example: String,
        read: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.flag = flag
        self.type = type
        self.expected = expected
        self.example = example
        self.read = read
    }
}

/// Whether to use colour.
package enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never
}

/// Which characters the screen may draw with.
package enum GlyphChoice: String, Sendable, CaseIterable {
    case unicode, ascii
}

/// Whether weights are computed as quickly or as exactly as can be.
package enum PrecisionChoice: String, Sendable, CaseIterable {
    case fast, exact
}

/// Every setting there is.
package enum SettingKeys {
    package static let model = text("model", flag: "--model", "a path or a name", example: "smolmamba2")
    package static let threads = SettingKey<Int>(
        "threads", flag: "--threads", .integer, "a whole number from 1 to 1024", example: "2"
    ) { Int($0).flatMap { (1...1024).contains($0) ? $0 : nil } }
    package static let precision: SettingKey<PrecisionChoice> = word("precision", flag: "--precision", example: "fast")
    package static let theme = text("theme", flag: "--theme", "a theme's name or file", example: "ansi")
    package static let color: SettingKey<ColorChoice> = word("color", flag: "--color", example: "auto")
    package static let glyphs: SettingKey<GlyphChoice> = word("glyphs", flag: "--ascii", example: "ascii")
    package static let plain = SettingKey<Bool>(
        "plain", flag: "--plain", .boolean, "true or false", example: "true", read: boolean)
    package static let system = SettingKey<String>(
        "system", flag: "--system", .text, "a text", example: "'You answer in one sentence.'"
    ) { $0 }
    package static let template = text("template", flag: "--template", "a template's name or file", example: "chatml")
    package static let rerender = SettingKey<Bool>(
        "rerender", flag: "--rerender", .boolean, "true or false", example: "true", read: boolean)
    package static let maxKeyValueMegabytes = SettingKey<Int>(
        "kv_max_mb", flag: "--kv-max-mb", .integer, "a whole number from 1 to 1048576", example: "4096"
    ) { Int($0).flatMap { (1...1_048_576).contains($0) ? $0 : nil } }
    package static let temperature = number(
        "sampler.temp", flag: "--temp", 0...100, "a number from 0 (always the likeliest token) to 100", example: "0.7")
    package static let topP = number(
        "sampler.top_p", flag: "--top-p", 0...1, "a number from 0 to 1 (all tokens)", example: "0.95")
    package static let topK = SettingKey<Int>(
        "sampler.top_k", flag: "--top-k", .integer, "a whole number, 0 (all tokens) or more", example: "40"
    ) { Int($0).flatMap { $0 >= 0 ? $0 : nil } }
    package static let minP = number(
        "sampler.min_p", flag: "--min-p", 0...1, "a number from 0 (all tokens) to 1", example: "0.05")
    package static let repeatPenalty = number(
        "sampler.repeat_penalty", flag: "--repeat-penalty", 0.01...100, "a number from 0.01 to 100; 1 is none",
        example: "1.1")
    package static let seed = SettingKey<UInt64>(
        "sampler.seed", flag: "--seed", .integer, "a whole number from 0 to 18446744073709551615", example: "1"
    ) { UInt64($0) }

    /// Which type each name has in the configuration file, and what is wrong with a value of that type, if anything.
    static let inConfiguration: [String: Checked] = {
        var table: [String: Checked] = [:]
        func add(_ key: SettingKey<some Sendable>) {
            table[key.name] = Checked(type: key.type, expected: key.expected) { key.read($0) != nil }
        }
        add(model)
        add(threads)
        add(precision)
        add(theme)
        add(color)
        add(glyphs)
        add(plain)
        add(system)
        add(template)
        add(rerender)
        add(maxKeyValueMegabytes)
        add(temperature)
        add(topP)
        add(topK)
        add(minP)
        add(repeatPenalty)
        add(seed)
        return table
    }()

    /// A key without its value's type.
    struct Checked: Sendable {
        var type: SettingType
        var expected: String
        var accepts: @Sendable (String) -> Bool
    }

    private static func boolean(_ text: String) -> Bool? {
        ["1": true, "true": true, "0": false, "false": false][text]
    }

    private static func text(
        _ name: String, flag: String, _ expected: String, example: String
    ) -> SettingKey<String> {
        SettingKey(name, flag: flag, .text, expected, example: example) { $0.isEmpty ? nil : $0 }
    }

    private static func number(
        _ name: String, flag: String, _ range: ClosedRange<Double>, _ expected: String, example: String
    ) -> SettingKey<Double> {
        SettingKey(name, flag: flag, .number, expected, example: example) {
            Double($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, flag: String, example: String
    ) -> SettingKey<Word> {
        let words = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        return SettingKey(name, flag: flag, .text, words, example: example) { Word(rawValue: $0) }
    }
}
