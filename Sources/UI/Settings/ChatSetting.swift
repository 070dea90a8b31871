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
    /// The values that are words.
    var words: [String] = []
    var value: @Sendable (AppModel) -> String
    /// Takes a value; returns false, and changes nothing, where it may not be that.
    var set: @Sendable (inout AppModel, String) -> Bool
    /// The value a step up or down from the present one.
    var step: @Sendable (AppModel, Int) -> String?

    /// The value as sentences have it: lists with room to break, and what isn't a value yet explained.
    func shown(_ model: AppModel) -> String {
        let value = value(model)
        return value == GenerationSetting.drawnSeed
            ? "\(value), drawn for each answer," : value.replacing(",", with: ", ")
    }
}

/// The settings, in the order in which they are listed.
enum ChatSettings {
    static let all: [ChatSetting] =
        GenerationSetting.all.map(generation) + screen

    /// The setting of a name, or nil.
    static func named(_ name: String) -> ChatSetting? {
        let plain = name.replacing("-", with: "_")
        return all.first { $0.name == plain }
    }

    private static func generation(_ setting: GenerationSetting) -> ChatSetting {
        ChatSetting(
            name: setting.name, key: setting.key, summary: setting.summary, expected: setting.expected,
            words: setting.words, value: { setting.text($0.generation) }, set: { setting.set($1, &$0.generation) },
            step: { setting.step($0.generation, $1) })
    }

    static func choice(
        _ name: String, _ words: [String], _ summary: String, value: @escaping @Sendable (AppModel) -> String,
        set: @escaping @Sendable (inout AppModel, String) -> Void
    ) -> ChatSetting {
        ChatSetting(
            name: name, key: name, summary: summary,
            expected: words.dropLast().joined(separator: ", ")
                + " or " + (words.last ?? ""),
            words: words,
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
            let origin = origin(of: setting).map { " (\($0))" } ?? ""
            notice = ["\(setting.name) is \(setting.shown(self))\(origin): \(setting.summary)."]
            return ([], true)
        }
        let value = words[1].trimmingBlanks
        guard change(setting, to: value) else {
            notice = [
                "\(setting.name) can't be '\(glyphs.truncated(value, to: 20))': it has to be \(setting.expected)."
            ]
            return ([], false)
        }
        let save = setting.key == nil ? "" : "; F2 and Enter saves it"
        notice = ["\(setting.name) is \(setting.shown(self)) in this run\(save)."]
        return ([], true)
    }

    /// Gives a setting another value, which `/reset-set` takes back; false, and nothing changed, where it may not be that.
    mutating func change(_ setting: ChatSetting, to value: String) -> Bool {
        let before = setting.value(self)
        guard setting.set(&self, value) else { return false }
        if firstValues[setting.name] == nil {
            firstValues[setting.name] = FirstValue(value: before, origin: origin(of: setting))
        }
        if let key = setting.key { origins[key] = "changed in this run" }
        return true
    }

    /// `/reset-set`: what was changed in this run is again as it began.
    mutating func resetSettings() {
        let changed = ChatSettings.all.filter { firstValues[$0.name].map(\.value) ?? $0.value(self) != $0.value(self) }
        for setting in ChatSettings.all {
            guard let first = firstValues[setting.name] else { continue }
            _ = setting.set(&self, first.value)
            if let key = setting.key { origins[key] = first.origin }
        }
        firstValues = [:]
        let texts = changed.map { "\($0.name) \($0.value(self))" }
        notice = [
            texts.isEmpty ? "No setting was changed in this run." : "Back to " + texts.joined(separator: ", ") + "."
        ]
    }

    /// Where a setting's value comes from, if that is known.
    func origin(of setting: ChatSetting) -> String? {
        setting.key.flatMap { origins[$0] }
    }
}

/// What a setting was before it was changed in this run.
struct FirstValue: Sendable, Equatable {
    var value: String
    var origin: String?
}
