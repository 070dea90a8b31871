import Screen

/// Where each element of the composer stands on the screen.
struct ComposerLayout: Sendable {
    private(set) var cells: [TextCell] = []
    private(set) var lines: [Range<Int>] = []
    /// The first cell of each element, and the count of all cells at the end.
    private var firstCells: [Int] = []

    init(_ elements: [EditBuffer.Element], width: Int) {
        var lineStart = 0
        for element in elements {
            firstCells.append(cells.count)
            switch element {
            case .character("\n"):
                cells.append(TextCell(text: "\n", width: 0))
                lines += LineBreaking.lines(of: cells[lineStart...], width: max(1, width))
                lineStart = cells.count
            case .character(let character):
                cells += InertText.cells(of: Substring(String(character)))
            case .paste(let text):
                cells += TextWidth.cells(of: Self.placeholder(for: text)).map {
                    TextCell(text: $0.text, width: $0.width, face: .escape)
                }
            }
        }
        firstCells.append(cells.count)
        lines += LineBreaking.lines(of: cells[lineStart...], width: max(1, width))
    }

    /// What stands for a large paste: `[paste 312 lines]`.
    static func placeholder(for paste: String) -> String {
        let breaks = paste.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        let lines = breaks + (paste.utf8.last == UInt8(ascii: "\n") ? 0 : 1)
        return lines > 1 ? "[paste \(lines) lines]" : "[paste \(ByteText.short(paste.utf8.count))]"
    }

    /// The row and column of the place before element `index`.
    func place(of index: Int) -> (row: Int, column: Int) {
        let cell = firstCells[index]
        let row = lines.lastIndex { $0.lowerBound <= cell } ?? 0
        return (row, cells[lines[row].lowerBound..<cell].reduce(0) { $0 + $1.width })
    }

    /// The element at `column` of a row, or the last place of that row.
    func element(row: Int, column: Int) -> Int {
        let line = lines[row]
        var found = firstCells.count - 1
        var used = 0
        var cell = line.lowerBound
        for index in firstCells.indices where firstCells[index] >= line.lowerBound {
            while cell < firstCells[index] && cell < line.upperBound {
                used += cells[cell].width
                cell += 1
            }
            let isPastLine = firstCells[index] >= line.upperBound && row < lines.count - 1
            if isPastLine { return max(0, index - 1) }
            found = index
            if used >= column { return index }
        }
        return found
    }
}
