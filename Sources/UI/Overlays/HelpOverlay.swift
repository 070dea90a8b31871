import Chat
import Screen

/// All keys and commands, made from the tables that they are read with.
struct HelpOverlay: Overlay {
    /// One row of the help.
    private enum Item {
        case heading(String)
        /// What follows the prefix key has that before it.
        case key(KeyBinding, prefix: String)
        case command(Command)

        var isHeading: Bool {
            if case .heading = self { true } else { false }
        }

        var label: String {
            switch self {
            case .heading(let title): title
            case .key(let binding, let prefix): prefix + binding.label
            case .command(let command): command.call
            }
        }

        var help: String {
            switch self {
            case .heading: ""
            case .key(let binding, _): binding.help
            case .command(let command): command.summary
            }
        }
    }

    private static let columnWidth = 38
    /// Columns of the keys and commands; where a column is wide, commands have room for their arguments.
    private static func labelWidth(in columns: Int) -> Int { columns >= 70 ? 30 : 13 }

    let name = OverlayName.help
    private(set) var filter = FilterText()
    private var marked = 0
    private var page = 1

    private let keys: KeyMap

    init(_ keys: KeyMap, filter: String = "") {
        self.keys = keys
        self.filter.append(filter)
    }

    private var items: [Item] {
        let single = KeyBinding.Group.allCases.map { group in
            (group.rawValue, keys.bindings.filter { $0.group == group }.map { Item.key($0, prefix: "") })
        }
        let prefix = keys.prefixLabel
        let sections =
            single + [
                ("After \(prefix)", keys.afterPrefix.map { Item.key($0, prefix: prefix + " ") }),
                ("Commands (// sends a slash)", Command.all.map(Item.command)),
            ]
        return sections.flatMap { title, items in
            let found = items.filter { filter.matches($0.label + " " + $0.help) }
            return found.isEmpty ? [] : [Item.heading(title)] + found
        }
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        let items = items
        switch key.code {
        case .escape:
            guard !filter.text.isEmpty else { return .closes }
            filter.clear()
            marked = 0
        case .character("/") where filter.text.isEmpty && key.modifiers.isEmpty: break
        case .enter:
            guard items.indices.contains(marked) else { return .stays }
            return .closing(run(items[marked], in: &model))
        case .up: step(-1, items)
        case .down: step(1, items)
        case .pageUp, .left: move(to: marked - page, -1, items)
        case .pageDown, .right: move(to: marked + page, 1, items)
        case .home: move(to: 0, 1, items)
        case .end: move(to: items.count - 1, -1, items)
        default:
            if filter.press(key) { marked = 0 }
        }
        if self.items.indices.contains(marked), self.items[marked].isHeading { step(1, self.items) }
        return .stays
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        filter.append(text)
        marked = items.isEmpty ? 0 : 1
    }

    /// Marks the next row that isn't a heading.
    private mutating func step(_ direction: Int, _ items: [Item]) {
        move(to: marked + direction, direction, items)
    }

    private mutating func move(to target: Int, _ direction: Int, _ items: [Item]) {
        var place = max(0, min(items.count - 1, target))
        while items.indices.contains(place), items[place].isHeading { place += direction }
        if items.indices.contains(place) { marked = place }
    }

    /// Does what a row says: a key's action, or a command; one with an argument is written for the reader to go on.
    private func run(_ item: Item, in model: inout AppModel) -> [Effect] {
        switch item {
        case .heading: return []
        case .key(let binding, _): return model.perform(binding.action)
        case .command(let command):
            let text = "/" + command.name.rawValue
            guard command.argument == nil else { return model.edit { $0.set(text + " ") } }
            return model.run(command.name, "", written: text)
        }
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let footer = rest.takeBottom(2)
        let items = items
        if marked < items.count, items[marked].isHeading { marked += 1 }
        page = max(1, rest.rows)
        // No more than are needed, so that the texts have room.
        let columns = max(1, min(rest.columns / (Self.columnWidth + 1), (items.count + page - 1) / page))
        let first = marked / (page * columns) * (page * columns)
        for (offset, item) in items.dropFirst(first).prefix(page * columns).enumerated() {
            let place = Rect(
                column: rest.column + 1 + offset / page * (rest.columns / columns), row: rest.row + offset % page,
                columns: min(rest.columns - 1, rest.columns / columns - 1), rows: 1)
            draw(item, isMarked: first + offset == marked, model, into: &frame, in: place)
        }
        if items.isEmpty { frame.put(" nothing is called so", in: rest, style: model.theme[.dim]) }
        drawFooter(items, model, into: &frame, in: footer)
    }

    private func draw(
        _ item: Item, isMarked: Bool, _ model: AppModel, into frame: inout CellBuffer, in rect: Rect
    ) {
        let theme = model.theme
        guard !item.isHeading else {
            frame.put(model.glyphs.truncated(item.label, to: rect.columns), in: rect, style: theme[.heading])
            return
        }
        if isMarked { frame.fill(rect, style: theme[.select]) }
        let label = item.label.padding(to: Self.labelWidth(in: rect.columns))
        let style = isMarked ? theme[.select] : theme[.prompt]
        let end = frame.put(label + " ", in: rect, style: style)
        let help = model.glyphs.truncated(item.help, to: rect.endColumn - end)
        frame.put(
            help, at: Position(column: end, row: rect.row), in: rect, style: isMarked ? theme[.select] : theme[.text])
    }

    /// The marked row in full, and what can be done.
    private func drawFooter(_ items: [Item], _ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        if items.indices.contains(marked) {
            let text = items[marked].label + ": " + items[marked].help
            frame.put(" " + model.glyphs.truncated(text, to: rect.columns - 2), in: rect, style: model.theme[.text])
        }
        let pages = filter.text.isEmpty ? "Typing filters" : "Filter: \(filter.text)_"
        frame.put(
            model.glyphs.truncated(" \(pages)   Enter runs the marked one   ^ is Ctrl, M- is Alt", to: rect.columns),
            row: 1, in: rect, style: model.theme[.dim])
    }
}

extension String {
    /// The text with blanks up to `columns`.
    func padding(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TextWidth.of(self)))
    }
}
