extension CellBuffer {
    /// The whole buffer as a rectangle.
    public var bounds: Rect {
        Rect(column: 0, row: 0, columns: size.columns, rows: size.rows)
    }

    /// Draws cells from `position` on, as far as they lie inside `clip`.
    ///
    /// A wide character that doesn't fit whole leaves a blank.
    ///
    /// - Parameters:
    ///   - style: The style of plain cells, and of all where `faces` is left out.
    ///   - faces: The style of the others.
    /// - Returns: The column after the last cell drawn.
    @discardableResult
    public mutating func put(
        _ cells: some Sequence<TextCell>, at position: Position, in clip: Rect, style: Style,
        faces: ((TextFace) -> Style)? = nil
    ) -> Int {
        let clip = clip.intersection(bounds)
        guard clip.rowRange.contains(position.row) else { return position.column }
        var column = position.column
        for cell in cells where cell.width > 0 {
            guard column < clip.endColumn else { break }
            let cellStyle = cell.face == .plain ? style : faces?(cell.face) ?? style
            if column >= clip.column && column + cell.width <= clip.endColumn {
                set(cell, column: column, row: position.row, style: cellStyle)
            } else if cell.width == 2 {
                let visible = max(column, clip.column)
                if visible < min(column + 2, clip.endColumn) {
                    set(TextCell(text: " ", width: 1), column: visible, row: position.row, style: cellStyle)
                }
            }
            column += cell.width
        }
        return min(column, clip.endColumn)
    }

    /// Draws text from `position` on, as far as it lies inside `clip`; control characters become visible escapes.
    ///
    /// - Returns: The column after the last cell drawn.
    @discardableResult
    public mutating func put(_ text: String, at position: Position, in clip: Rect, style: Style) -> Int {
        put(InertText.cells(of: text[...]), at: position, in: clip, style: style)
    }

    /// Draws text within one row of `rect`, counted from the top of it.
    ///
    /// - Returns: The column after the last cell drawn.
    @discardableResult
    public mutating func put(_ text: String, row: Int = 0, in rect: Rect, style: Style) -> Int {
        put(text, at: Position(column: rect.column, row: rect.row + row), in: rect, style: style)
    }

    /// Fills a rectangle with one narrow character.
    public mutating func fill(_ rect: Rect, with text: String = " ", style: Style) {
        let rect = rect.intersection(bounds)
        for row in rect.rowRange {
            for column in rect.column..<rect.endColumn {
                set(TextCell(text: text, width: 1), column: column, row: row, style: style)
            }
        }
    }

    /// The characters of one row, without the second halves of wide ones.
    public func text(ofRow row: Int) -> String {
        (0..<size.columns).map { self[$0, row].text }.joined()
    }

    /// All rows as text without trailing blanks, for tests and dumps.
    public var lines: [String] {
        (0..<size.rows).map { row in
            let text = text(ofRow: row)
            return String(text.unicodeScalars.reversed().drop { $0 == " " }.reversed().map(Character.init))
        }
    }

    /// Sets one cell, or two of a wide character, and blanks the halves of wide characters that it cuts.
    private mutating func set(_ cell: TextCell, column: Int, row: Int, style: Style) {
        cutWide(atColumn: column, row: row)
        self[column, row] = Cell(text: cell.text, style: style)
        guard cell.width == 2, column + 1 < size.columns else { return }
        cutWide(atColumn: column + 1, row: row)
        self[column, row] = Cell(text: cell.text, style: style)
        self[column + 1, row] = Cell(text: "", style: style)
    }

    private mutating func cutWide(atColumn column: Int, row: Int) {
        if self[column, row].text.isEmpty, column > 0 { self[column - 1, row].text = " " }
        if column + 1 < size.columns, self[column + 1, row].text.isEmpty { self[column + 1, row].text = " " }
    }
}
