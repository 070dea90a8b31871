import Chat

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
    case unicode, block, ascii
}

/// Whether something is shown.
package enum OnOff: String, Sendable, CaseIterable {
    case on, off
}

/// Whose keys edit a line.
package enum EditModeChoice: String, Sendable, CaseIterable {
    case emacs, vi
}

/// What tells the end of a long answer to somebody who looks elsewhere.
package enum NotifyChoice: String, Sendable, CaseIterable {
    case bell
    /// The terminal's own notification, by OSC 9.
    case osc9
    case off
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
    package static let temperature = sampler(.temperature, flag: "--temp", .number) { $0.temperature }
    package static let topP = sampler(.topP, flag: "--top-p", .number) { $0.topP }
    package static let topK = sampler(.topK, flag: "--top-k", .integer) { $0.topK }
    package static let minP = sampler(.minP, flag: "--min-p", .number) { $0.minP }
    package static let repeatPenalty = sampler(.repeatPenalty, flag: "--repeat-penalty", .number) { $0.repeatPenalty }
    package static let seed = sampler(.seed, flag: "--seed", .integer) { $0.seed }
    package static let snapshotMemoryMegabytes = megabytes("snapshots.ram_mb", example: "256")
    package static let snapshotDiskMegabytes = megabytes("snapshots.disk_mb", example: "4096")
    package static let keybar: SettingKey<OnOff> = word("keybar", flag: "/set keybar", example: "off")
    package static let trace: SettingKey<OnOff> = word("trace", flag: "/set trace", example: "on")
    package static let meters = text(
        "meters", flag: "/set meters", "on, off, or a list such as rate:graph,state:bar",
        example: "rate:graph,state:bar")
    package static let editMode: SettingKey<EditModeChoice> = word("editmode", flag: "/set editmode", example: "vi")
    package static let wrap: SettingKey<OnOff> = word("wrap", flag: "/set wrap", example: "off")
    package static let timestamps: SettingKey<OnOff> = word("timestamps", flag: "/set timestamps", example: "off")
    package static let mouse: SettingKey<OnOff> = word("mouse", flag: "/set mouse", example: "on")
    package static let pasteLimit = number("paste_limit", 0...100_000, "lines (0 folds none)", example: "20")
    package static let notify: SettingKey<NotifyChoice> = word("notify", flag: "/set notify", example: "bell")
    package static let framesPerSecond = number("fps", 1...30, "frames a second", example: "30")

    /// The names of those that only the whole screen takes.
    package static let screen = [
        keybar.name, meters.name, editMode.name, wrap.name, timestamps.name, mouse.name,
        pasteLimit.name, notify.name,
        framesPerSecond.name,
    ]

    /// Which type each name has in the configuration file, and what is wrong with a value of that type, if anything.
    static let inConfiguration: [String: Checked] = {
        var table: [String: Checked] = [:]
        func add(_ key: SettingKey<some Sendable>, _ builtIn: String) {
            table[key.name] = Checked(
                type: key.type, expected: key.expected, flag: key.flag, example: key.example,
                environmentName: key.environmentName, builtIn: builtIn
            ) { key.read($0) != nil }
        }
        let sampling = SamplingOptions()
        add(model, ModelLocator.defaultName)
        add(threads, "one a processor")
        add(precision, "fast")
        add(theme, "ansi")
        add(color, "auto")
        add(glyphs, "unicode")
        add(plain, "false")
        add(system, "the model's own")
        add(template, "the file's own")
        add(rerender, "false")
        add(maxKeyValueMegabytes, String(GenerationOptions.defaultMaxKeyValueBytes >> 20))
        add(temperature, SamplingSetting.temperature.text(of: sampling) ?? "drawn anew")
        add(topP, SamplingSetting.topP.text(of: sampling) ?? "drawn anew")
        add(topK, SamplingSetting.topK.text(of: sampling) ?? "drawn anew")
        add(minP, SamplingSetting.minP.text(of: sampling) ?? "drawn anew")
        add(repeatPenalty, SamplingSetting.repeatPenalty.text(of: sampling) ?? "drawn anew")
        add(seed, SamplingSetting.seed.text(of: sampling) ?? "drawn anew")
        add(snapshotMemoryMegabytes, String(defaultSnapshotMemoryMegabytes))
        add(snapshotDiskMegabytes, String(defaultSnapshotDiskMegabytes))
        add(keybar, "on")
        add(meters, "on")
        add(trace, "off")
        add(editMode, "emacs")
        add(wrap, "on")
        add(timestamps, "on")
        add(mouse, "off")
        add(pasteLimit, "20")
        add(notify, "bell")
        add(framesPerSecond, "30")
        return table
    }()

    /// The names of all settings, and what they have to be.
    package static var summary: [(name: String, expected: String)] {
        inConfiguration.keys.sorted().compactMap { name in
            inConfiguration[name].map { (name, "\($0.expected); built in: \($0.builtIn)") }
        }
    }

    /// A key without its value's type.
    struct Checked: Sendable {
        var type: SettingType
        var expected: String
        var flag: String
        var example: String
        var environmentName: String
        /// What holds where nobody says otherwise.
        var builtIn: String
        var accepts: @Sendable (String) -> Bool
    }

    /// MiB of snapshots in memory where nobody asks for another number.
    package static let defaultSnapshotMemoryMegabytes = 256
    /// MiB of snapshots on disk where nobody asks for another number.
    package static let defaultSnapshotDiskMegabytes = 4096

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, _ unit: String, example: String
    ) -> SettingKey<Int> {
        SettingKey(
            name, flag: "/set \(name)", .integer,
            "a whole number from \(range.lowerBound) to \(range.upperBound): \(unit)", example: example
        ) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
    }

    private static func megabytes(_ name: String, example: String) -> SettingKey<Int> {
        SettingKey(
            name, flag: name, .integer, "a whole number of MiB from 1 to 1048576", example: example
        ) { Int($0).flatMap { (1...1_048_576).contains($0) ? $0 : nil } }
    }

    private static func boolean(_ text: String) -> Bool? {
        ["1": true, "true": true, "0": false, "false": false][text]
    }

    private static func text(
        _ name: String, flag: String, _ expected: String, example: String
    ) -> SettingKey<String> {
        SettingKey(name, flag: flag, .text, expected, example: example) { $0.isEmpty ? nil : $0 }
    }

    /// What `/set` knows too: one table says which values are right.
    private static func sampler<Value>(
        _ setting: SamplingSetting, flag: String, _ type: SettingType,
        value: @escaping @Sendable (SamplingOptions) -> Value?
    ) -> SettingKey<Value> {
        SettingKey("sampler." + setting.name, flag: flag, type, setting.expected, example: setting.example) { text in
            var options = SamplingOptions()
            return setting.set(text, in: &options) ? value(options) : nil
        }
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, flag: String, example: String
    ) -> SettingKey<Word> {
        let words = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        return SettingKey(name, flag: flag, .text, words, example: example) { Word(rawValue: $0) }
    }
}
