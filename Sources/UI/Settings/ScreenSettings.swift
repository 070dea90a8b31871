import Screen

extension ChatSettings {
    /// What the screen looks like and how it behaves.
    static let screen: [ChatSetting] = [
        choice(
            "glyphs", ["unicode", "block", "ascii"], "which characters the screen draws with",
            value: { $0.glyphs.name }
        ) {
            $0.glyphs = Glyphs.named($1) ?? $0.glyphs
        },
        switching("keybar", "the last row: what the function keys do", \.showsKeyBar),
        ChatSetting(
            name: "meters", key: "meters", summary: "what the panel beside a wide chat shows",
            expected: "on, off, or a list such as rate:graph,state:bar,token:text",
            value: { Meters.text(of: $0.meters) },
            set: { model, text in
                guard let forms = try? Meters.forms(from: text) else { return false }
                model.setMeters(forms)
                return true
            },
            step: { model, _ in model.meters.values.contains { $0 != .off } || model.meters.isEmpty ? "off" : "on" }),
        switching("wrap", "whether long lines of code break; off cuts them at the edge", \.wrapsCode),
        switching("timestamps", "whether headers say when a message was sent", \.options.showsTimes),
        choice(
            "editmode", EditMode.allCases.map(\.rawValue), "whose keys edit what you write",
            value: { $0.options.editMode.rawValue }
        ) {
            $0.options.editMode = EditMode(rawValue: $1) ?? $0.options.editMode
            $0.vi.insert()
        },
        switching("mouse", "the wheel scrolls; then Shift selects text", \.usesMouse),
        number(
            "paste_limit", 0...100_000, step: 5, "lines of a paste beyond which it is folded; 0 folds none",
            \.options.pasteLimit),
        choice(
            "notify", Alert.allCases.map(\.rawValue), "tells the end of a long answer when you look elsewhere",
            value: { $0.options.alert.rawValue }
        ) {
            $0.options.alert = Alert(rawValue: $1) ?? $0.options.alert
        },
        number("fps", 1...30, step: 5, "the most frames a second; fewer suit a slow line", \.options.framesPerSecond),
    ]

    private static func switching(
        _ name: String, _ summary: String, _ path: any WritableKeyPath<AppModel, Bool> & Sendable
    ) -> ChatSetting {
        choice(name, ["on", "off"], summary, value: { $0[keyPath: path] ? "on" : "off" }) {
            $0[keyPath: path] = $1 == "on"
        }
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, step: Int, _ summary: String,
        _ path: any WritableKeyPath<AppModel, Int> & Sendable
    ) -> ChatSetting {
        ChatSetting(
            name: name, key: name, summary: summary,
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            value: { String($0[keyPath: path]) },
            set: { model, text in
                guard let value = Int(text), range.contains(value) else { return false }
                model[keyPath: path] = value
                return true
            },
            step: { model, direction in
                String(min(range.upperBound, max(range.lowerBound, model[keyPath: path] + direction * step)))
            })
    }
}

extension AppModel {
    /// Takes the value of a setting by the name that the configuration file has for it.
    ///
    /// Returns what it would have to be where it may not be that; nothing is changed then.
    public mutating func take(_ value: String, for key: String) -> String? {
        guard let setting = ChatSettings.all.first(where: { $0.key == key }) else { return "a setting of the screen" }
        return setting.set(&self, value) ? nil : setting.expected
    }
}
