public import Screen

/// The themes that were found; the marked one is on the screen at once.
struct ThemeOverlay: Overlay {
    let name = OverlayName.theme
    let placement = OverlayPlacement.side(columns: 34)
    /// What the screen looked like before.
    private let before: Theme
    private var list = MarkedList(count: 0)
    private var hasMarked = false

    init(_ model: AppModel) {
        before = model.theme
    }

    mutating func open(in model: inout AppModel) -> [Effect] {
        [.listThemes]
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        markCurrent(in: model)
        switch key.code {
        case .escape, .character("q"):
            cancel(in: &model)
            return .closes
        case .enter:
            guard model.themes.indices.contains(list.marked) else { return .closes }
            let choice = model.themes[list.marked]
            guard choice.theme != nil else { return .stays }
            return .closing([.save(setting: "theme", value: choice.name)])
        default:
            guard list.press(key), model.themes.indices.contains(list.marked) else { return .stays }
            if let theme = model.themes[list.marked].theme { model.theme = theme }
            return .stays
        }
    }

    func cancel(in model: inout AppModel) {
        model.theme = before
    }

    /// Marks the theme in use, once it is known which there are.
    private mutating func markCurrent(in model: AppModel) {
        list.count = model.themes.count
        guard !hasMarked, !model.themes.isEmpty else { return }
        hasMarked = true
        list.mark(model.themes.firstIndex { $0.theme?.name == before.name } ?? 0)
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        markCurrent(in: model)
        var rest = rect
        let footer = rest.takeBottom(2)
        for (row, index) in list.visible(rows: rest.rows).enumerated() {
            let choice = model.themes[index]
            let place = Rect(column: rest.column, row: rest.row + row, columns: rest.columns, rows: 1)
            let style = model.theme[index == list.marked ? .select : choice.theme == nil ? .error : .text]
            frame.fill(place, style: style)
            let text = " " + choice.name.padding(to: 18) + (choice.theme.map { $0.background.rawValue } ?? "wrong")
            frame.put(model.glyphs.truncated(text, to: place.columns), in: place, style: style)
        }
        let problem = model.themes.indices.contains(list.marked) ? model.themes[list.marked].problem : nil
        let text = problem ?? "Enter keeps and saves it"
        frame.put(
            model.glyphs.truncated(" " + text, to: footer.columns), in: footer,
            style: model.theme[problem == nil ? .dim : .error])
        frame.put(" Esc puts the old one back", row: 1, in: footer, style: model.theme[.dim])
    }
}

/// A theme that was found, or what is wrong with its file.
public struct ThemeChoice: Sendable, Equatable {
    public var name: String
    public var theme: Theme?
    public var problem: String?

    public init(name: String, theme: Theme?, problem: String? = nil) {
        self.name = name
        self.theme = theme
        self.problem = problem
    }
}
