import Chat
import Screen

/// The settings: ← → change the marked one, typing writes a value, Enter saves it for later runs too.
struct SettingsOverlay: Overlay {
    let name = OverlayName.settings
    var escapeHint: String { typed.text.isEmpty ? "Esc closes" : "Esc drops what is typed" }
    private var list = MarkedList(count: ChatSettings.all.count)
    private var typed = FilterText()
    private var problem: String?
    /// The values when it was opened.
    private let before: [String]

    init(_ model: AppModel) {
        before = ChatSettings.all.map { $0.value(model) }
    }

    private var marked: ChatSetting { ChatSettings.all[list.marked] }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        problem = nil
        switch key.code {
        case .escape:
            guard !typed.text.isEmpty else { return .closes }
            typed.clear()
        case .enter:
            if !typed.text.isEmpty, !take(typed.text, in: &model) { return .stays }
            typed.clear()
            guard let key = marked.key else { return .stays }
            return OverlayOutcome(effects: [.save(setting: key, value: marked.value(model))])
        case .left, .right:
            if let value = marked.step(model, key.code == .left ? -1 : 1) { _ = take(value, in: &model) }
        default:
            if list.press(key) { typed.clear() } else { _ = typed.press(key) }
        }
        return .stays
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        typed.append(text)
    }

    /// Changes the marked setting, or says why not.
    private mutating func take(_ value: String, in model: inout AppModel) -> Bool {
        guard model.change(marked, to: value) else {
            problem =
                "\(marked.name) can't be '\(model.glyphs.truncated(value, to: 20))': it has to be \(marked.expected)"
            return false
        }
        return true
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let said = Array(model.rows(of: problem ?? model.noticeLine ?? "it has to be \(marked.expected)").prefix(2))
        var footer = rest.takeBottom(2 + said.count)
        for (row, index) in list.visible(rows: rest.rows).enumerated() {
            let setting = ChatSettings.all[index]
            let value = setting.value(model)
            let isMarked = index == list.marked
            let place = Rect(column: rest.column, row: rest.row + row, columns: rest.columns, rows: 1)
            let style = model.theme[isMarked ? .select : .text]
            frame.fill(place, style: style)
            let shown = isMarked && !typed.text.isEmpty ? typed.text + "_" : value
            let change = value == before[index] ? " " : "*"
            let text = " \(change) \(setting.name.padding(to: 15)) \(shown.padding(to: 14)) \(setting.summary)"
            frame.put(model.glyphs.truncated(text, to: place.columns), in: place, style: style)
        }
        let left = model.glyphs == .ascii ? "Left Right" : "← →"
        let save = marked.key == nil ? "" : "   Enter saves it for later runs"
        let origin = model.origin(of: marked).map { " (\($0))" } ?? ""
        let lines =
            [("\(marked.name): \(marked.summary)\(origin)", StyleName.text)]
            + said.map { ($0, problem == nil ? .text : .error) } + [("\(left) change, typing writes\(save)", .dim)]
        for (text, style) in lines {
            let shown = model.glyphs.truncated(" " + text, to: rect.columns)
            frame.put(shown, in: footer.takeTop(1), style: model.theme[style])
        }
    }
}
