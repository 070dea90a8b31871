extension Rect {
    public var endColumn: Int { column + columns }
    public var endRow: Int { row + rows }
    /// The rows of the screen that it covers.
    public var rowRange: Range<Int> { row..<max(row, endRow) }

    public var isEmpty: Bool { rows <= 0 || columns <= 0 }

    /// The part that both have; empty if there is none.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(column, other.column)
        let top = max(row, other.row)
        let right = max(left, min(endColumn, other.endColumn))
        let bottom = max(top, min(endRow, other.endRow))
        return Rect(column: left, row: top, columns: right - left, rows: bottom - top)
    }

    /// Takes `count` rows off the top.
    public mutating func takeTop(_ count: Int) -> Rect {
        let taken = max(0, min(count, rows))
        defer {
            row += taken
            rows -= taken
        }
        return Rect(column: column, row: row, columns: columns, rows: taken)
    }

    /// Takes `count` rows off the bottom.
    public mutating func takeBottom(_ count: Int) -> Rect {
        let taken = max(0, min(count, rows))
        rows -= taken
        return Rect(column: column, row: row + rows, columns: columns, rows: taken)
    }
}
