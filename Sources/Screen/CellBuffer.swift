/// One place of the screen.
public struct Cell: Sendable, Hashable {
    /// One spacing scalar and the zero-width marks on it; empty in the second column of a wide character.
    public var text: String
    public var style: Style

    public init(text: String = " ", style: Style = Style()) {
        self.text = text
        self.style = style
    }
}

/// A screen in memory.
///
/// Widgets draw here; a display shows it; tests compare it.
public struct CellBuffer: Sendable, Equatable {
    public private(set) var size: Size
    private var cells: [Cell]
    /// Where the cursor stands; nil hides it.
    public var cursor: Position?

    public init(size: Size) {
        self.size = size
        cells = Array(repeating: Cell(), count: max(0, size.columns * size.rows))
    }

    /// Blanks everything and takes on a size.
    public mutating func clear(size: Size) {
        self.size = size
        cells.removeAll(keepingCapacity: true)
        cells.append(contentsOf: repeatElement(Cell(), count: max(0, size.columns * size.rows)))
        cursor = nil
    }

    /// The cell at `column`, `row`, which have to be inside.
    public subscript(column: Int, row: Int) -> Cell {
        get {
            precondition(column >= 0 && column < size.columns && row >= 0 && row < size.rows, "outside the buffer")
            return cells[row * size.columns + column]
        }
        set {
            precondition(column >= 0 && column < size.columns && row >= 0 && row < size.rows, "outside the buffer")
            cells[row * size.columns + column] = newValue
        }
    }
}
