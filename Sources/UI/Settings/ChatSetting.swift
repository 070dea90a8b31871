import Chat
import Screen

/// Something that the reader can change while chatting.
///
/// One table feeds `/set`, its completion, and the settings overlay.
struct ChatSetting: Sendable {
    /// What `/set` calls it.
    var name: String
    /// Its name in the configuration file; nil for one that isn't kept.
    var key: String?
    var summary: String
    /// Completes "it has to be …".
    var expected: String
    var value: @Sendable (AppModel) -> String
    /// Takes a value; returns false, and changes nothing, where it may not be that.
    var set: @Sendable (inout AppModel, String) -> Bool
    /// The value a step up or down from the present one.
    var step: @Sendable (AppModel, Int) -> String?
}

/// The settings, in the order in which they are listed.
enum ChatSettings {
    static let all: [ChatSetting] =
        SamplingSetting.all.map(sampling) + [maxTokens] + [
            choice(
                "glyphs", ["unicode", "block", "ascii"], "which characters the screen draws with",
                value: { $0.glyphs.name }
            ) {
                $0.glyphs = Glyphs.named($1) ?? $0.glyphs
            },
            choice(
                "keybar", ["on", "off"], "the last row: what the function keys do",
                value: { $0.showsKeyBar ? "on" : "off" }
            ) {
                $0.showsKeyBar = $1 == "on"
            },
            choice(
                "trace", ["off", "on"], "keeps what layers do with the last 512 tokens; costs memory and time",
                value: { $0.generation.traces ? "on" : "off" }
            ) {
                $0.generation.traces = $1 == "on"
            },
            ChatSetting(
                name: "meters", key: "meters", summary: "what the panel beside a wide chat shows",
                expected: "on, off, or a list such as rate:graph,state:bar,token:text",
                value: { Meters.text(of: $0.meters) },
                set: { model, text in
                    guard let forms = try? Meters.forms(from: text) else { return false }
                    model.setMeters(forms)
                    return true
                },
                step: { model, _ in model.meters.values.contains { $0 != .off } || model.meters.isEmpty ? "off" : "on" }
            ),
        ]

    /// The setting of a name, or nil.
    static func named(_ name: String) -> ChatSetting? {
        let plain = name.replacing("-", with: "_")
        return all.first { $0.name == plain }
    }

    private static func sampling(_ setting: SamplingSetting) -> ChatSetting {
        ChatSetting(
            name: setting.name, key: "sampler." + setting.name, summary: setting.summary, expected: setting.expected,
            value: { setting.text(of: $0.generation.sampling) ?? "drawn anew" },
            set: { setting.set($1, in: &$0.generation.sampling) },
            step: { model, direction in
                guard let text = setting.text(of: model.generation.sampling), let value = Double(text) else {
                    return "0"
                }
                let next = ((value + Double(direction) * setting.step) * 1000).rounded() / 1000
                return text.contains(".") ? next.description : DecimalText.fixed(next, places: 0)
            })
    }

    private static let maxTokens = ChatSetting(
        name: "max_tokens", key: nil, summary: "the most tokens of one answer; 0 is no limit",
        expected: "a whole number, 0 (no limit) or more",
        value: { $0.generation.maxTokens.map { String($0) } ?? "0" },
        set: { model, text in
            guard let value = Int(text), value >= 0 else { return false }
            model.generation.maxTokens = value == 0 ? nil : value
            return true
        },
        step: { model, direction in String(max(0, (model.generation.maxTokens ?? 0) + direction * 128)) })

    private static func choice(
        _ name: String, _ words: [String], _ summary: String, value: @escaping @Sendable (AppModel) -> String,
        set: @escaping @Sendable (inout AppModel, String) -> Void
    ) -> ChatSetting {
        ChatSetting(
            name: name, key: name, summary: summary,
            expected: words.dropLast().joined(separator: ", ")
                + " or " + (words.last ?? ""),
            value: value,
            set: { model, text in
                guard words.contains(text) else { return false }
                set(&model, text)
                return true
            },
            step: { model, direction in
                let index = words.firstIndex(of: value(model)) ?? 0
                return words[(index + direction + words.count) % words.count]
            })
    }
}

extension AppModel {
    /// `/set`: nothing opens the list, a name says its value, a name and a value change it for this run.
    mutating func set(_ argument: String) -> (effects: [Effect], isDone: Bool) {
        let words = argument.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "=" }).map(String.init)
        guard let name = words.first else { return (open(.settings), true) }
        guard let setting = ChatSettings.named(name) else {
            let names = ChatSettings.all.map(\.name).joined(separator: ", ")
            notice = ["There is no setting '\(glyphs.truncated(name, to: 20))'.", "There are " + names + "."]
            return ([], false)
        }
        guard words.count == 2 else {
            notice = ["\(setting.name) is \(setting.value(self)): \(setting.summary)."]
            return ([], true)
        }
        let value = words[1].trimmingBlanks
        guard setting.set(&self, value) else {
            notice = [
                "\(setting.name) can't be '\(glyphs.truncated(value, to: 20))': it has to be \(setting.expected)."
            ]
            return ([], false)
        }
        readings.sampling = generation.sampling
        notice = ["\(setting.name) is \(setting.value(self)) in this run; F2 and Enter saves it."]
        return ([], true)
    }
}
