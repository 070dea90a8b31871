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

        var entry: HelpLayout.Entry {
            HelpLayout.Entry(label: TextWidth.of(label), help: TextWidth.of(help), isHeading: isHeading)
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

    let name = OverlayName.help
    var escapeHint: String { filter.text.isEmpty ? "Esc closes" : "Esc shows all" }
    private(set) var filter = FilterText()
    private var marked = 0
    private var page = 1

    private let keys: KeyMap

    init(_ keys: KeyMap, filter: String = "") {
        self.keys = keys
        self.filter.append(filter)
    }

    private static let commandsTitle = "Commands (// sends a slash)"

    private var items: [Item] { keyItems + commandItems }

    private var keyItems: [Item] {
        let single = KeyBinding.Group.allCases.map { group in
            (group.rawValue, keys.bindings.filter { $0.group == group }.map { Item.key($0, prefix: "") })
        }
        let prefix = keys.prefixLabel
        let after = ("After \(prefix)", keys.afterPrefix.map { Item.key($0, prefix: prefix + " ") })
        return (single + [after]).flatMap { found($0.1, under: $0.0) }
    }

    private var commandItems: [Item] {
        found(Command.all.map(Item.command), under: Self.commandsTitle)
    }

    /// Those that the filter lets through, below a title; nothing where there are none.
    private func found(_ items: [Item], under title: String) -> [Item] {
        let found = items.filter { filter.matches($0.label + " " + $0.help) }
        return found.isEmpty ? [] : [.heading(title)] + found
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
        let (keyItems, commandItems) = (keyItems, commandItems)
        let items = keyItems + commandItems
        if marked < items.count, items[marked].isHeading { marked += 1 }
        var rest = rect
        var footer = rest.takeBottom(1)
        rest.column += 1
        rest.columns -= 1
        var layout = self.layout(keyItems, commandItems, in: rest)
        // Where a row may be cut, the marked one is shown in full.
        if !layout.isWhole {
            footer = Rect(
                column: footer.column, row: footer.row - 1, columns: footer.columns, rows: footer.rows + 1)
            _ = rest.takeBottom(1)
            layout = self.layout(keyItems, commandItems, in: rest)
        }
        page = max(1, rest.rows)
        let number = layout.page(of: marked)
        for column in layout.pages.isEmpty ? [] : layout.pages[number] {
            for (row, index) in column.items.enumerated() {
                let place = Rect(
                    column: rest.column + column.start, row: rest.row + row,
                    columns: min(column.width, rest.columns - column.start), rows: 1)
                draw(
                    items[index], isMarked: index == marked, labelWidth: column.labelWidth, model, into: &frame,
                    in: place)
            }
        }
        if items.isEmpty { frame.put("nothing is called so", in: rest, style: model.theme[.dim]) }
        let pages = layout.pages.count > 1 ? "Page \(number + 1) of \(layout.pages.count)   " : ""
        drawFooter(items, pages: pages, model, into: &frame, in: footer)
    }

    private func layout(_ keys: [Item], _ commands: [Item], in rect: Rect) -> HelpLayout {
        HelpLayout(
            keys: keys.map(\.entry), commands: commands.map(\.entry), columns: rect.columns, rows: max(1, rect.rows))
    }

    private func draw(
        _ item: Item, isMarked: Bool, labelWidth: Int, _ model: AppModel, into frame: inout CellBuffer, in rect: Rect
    ) {
        let theme = model.theme
        guard !item.isHeading else {
            frame.put(model.glyphs.truncated(item.label, to: rect.columns), in: rect, style: theme[.heading])
            return
        }
        if isMarked { frame.fill(rect, style: theme[.select]) }
        let label = item.label.padding(to: labelWidth)
        let style = isMarked ? theme[.select] : theme[.prompt]
        let end = frame.put(label + " ", in: rect, style: style)
        let help = model.glyphs.truncated(item.help, to: rect.endColumn - end)
        frame.put(
            help, at: Position(column: end, row: rect.row), in: rect, style: isMarked ? theme[.select] : theme[.text])
    }

    /// The marked row in full where there is room for it, and what can be done.
    private func drawFooter(
        _ items: [Item], pages: String, _ model: AppModel, into frame: inout CellBuffer, in rect: Rect
    ) {
        if rect.rows > 1, items.indices.contains(marked) {
            let text = items[marked].label + ": " + items[marked].help
            frame.put(" " + model.glyphs.truncated(text, to: rect.columns - 2), in: rect, style: model.theme[.text])
        }
        let typing = filter.text.isEmpty ? "Typing filters" : "Filter: \(filter.text)_"
        frame.put(
            model.glyphs.truncated(
                " \(pages)\(typing)   Enter runs the marked one   ^ is Ctrl, M- is Alt", to: rect.columns),
            row: rect.rows - 1, in: rect, style: model.theme[.dim])
    }
}

extension String {
    /// The text with blanks up to `columns`.
    func padding(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TextWidth.of(self)))
    }
}
