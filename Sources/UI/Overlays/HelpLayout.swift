import Screen

/// Where the rows of the help stand: pages of columns.
///
/// Commands need wider columns than keys, so that they share a page only where both are there as a whole.
struct HelpLayout {
    /// What a row takes.
    struct Entry {
        var label: Int
        var help: Int
        /// Headings don't stand alone at the foot of a column.
        var isHeading = false
    }

    struct Column: Equatable {
        /// The rows, by their place in the list.
        var items: Range<Int>
        /// Its first column on the screen, and how many it has.
        var start: Int
        var width: Int
        /// Columns of the keys or commands.
        var labelWidth: Int
    }

    let pages: [[Column]]
    /// Whether all rows are on one page, with nothing cut.
    let isWhole: Bool

    /// Columns between two columns of rows.
    private static let gap = 2
    /// What labels of commands have at most, by the room there is: the few longer ones push their help to the right.
    private static let wideLabels = 30
    private static let narrowLabels = 20
    private static let columnsForWideLabels = 70

    /// - Parameters:
    ///   - keys: the rows of the keys, which come first
    ///   - commands: the rows of the commands
    ///   - columns: columns that there are, at least 1
    ///   - rows: rows that there are, at least 1
    init(keys: [Entry], commands: [Entry], columns: Int, rows: Int) {
        let keyColumns = Self.filled(keys, from: 0, rows: rows)
        let commandColumns = Self.filled(commands, from: keys.count, rows: rows)
        let keyLabel = Self.labelWidth(keys, atMost: .max)
        let commandLabel = Self.labelWidth(
            commands, atMost: columns < Self.columnsForWideLabels ? Self.narrowLabels : Self.wideLabels)
        let keyWidth = Self.width(keys, label: keyLabel)
        let commandWidth = Self.width(commands, label: commandLabel)
        let all = keyColumns.count * (keyWidth + Self.gap) + commandColumns.count * (commandWidth + Self.gap) - Self.gap
        isWhole = all <= columns
        if isWhole {
            var start = 0
            let page = [(keyColumns, keyWidth, keyLabel), (commandColumns, commandWidth, commandLabel)]
                .flatMap { parts, width, label in
                    parts.map { items in
                        defer { start += width + Self.gap }
                        return Column(items: items, start: start, width: width, labelWidth: label)
                    }
                }
            pages = page.isEmpty ? [] : [page]
            return
        }
        pages =
            Self.pages(of: keyColumns, width: keyWidth, label: keyLabel, columns: columns)
            + Self.pages(of: commandColumns, width: commandWidth, label: commandLabel, columns: columns)
    }

    /// The page that a row is on; 0 where there is none.
    func page(of item: Int) -> Int {
        pages.firstIndex { $0.contains { $0.items.contains(item) } } ?? 0
    }

    private static func labelWidth(_ entries: [Entry], atMost most: Int) -> Int {
        min(most, entries.filter { !$0.isHeading }.map(\.label).max() ?? 0)
    }

    /// What the widest row takes; labels that are longer than `label` push their help to the right.
    private static func width(_ entries: [Entry], label: Int) -> Int {
        entries.map { max($0.label, $0.isHeading ? 0 : label) + 1 + $0.help }.max() ?? 0
    }

    /// Rows one below the other, in columns of `rows`.
    private static func filled(_ entries: [Entry], from first: Int, rows: Int) -> [Range<Int>] {
        var columns: [Range<Int>] = []
        var start = 0
        while start < entries.count {
            var end = min(entries.count, start + rows)
            if end < entries.count, end - start > 1, entries[end - 1].isHeading { end -= 1 }
            columns.append(first + start..<first + end)
            start = end
        }
        return columns
    }

    /// Columns of one width, as many on a page as there is room for.
    private static func pages(of parts: [Range<Int>], width: Int, label: Int, columns: Int) -> [[Column]] {
        let count = max(1, min(parts.count, (columns + gap) / (width + gap)))
        let step = (columns + gap) / count
        return stride(from: 0, to: parts.count, by: count).map { first in
            parts[first..<min(parts.count, first + count)].enumerated().map { place, items in
                Column(items: items, start: place * step, width: step - gap, labelWidth: label)
            }
        }
    }
}
