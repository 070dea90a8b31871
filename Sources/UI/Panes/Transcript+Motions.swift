import Screen

/// Where copy mode's cursor goes, named as vi does.
enum TextMotion: Sendable, Equatable {
    case left, right
    /// The beginning of the next word, of this or the one before, and the end of this or the next one.
    case wordForward, wordBack, wordEnd
    case rowStart, rowEnd
    case top, bottom
    /// The beginning of the message before or after.
    case messageBack, messageForward
}

extension Transcript {
    /// What a character is part of, for steps by words.
    private enum Kind {
        case blank, word, mark

        init(_ cell: TextCell) {
            guard let character = cell.text.first, !character.isWhitespace else {
                self = .blank
                return
            }
            self = character.isLetter || character.isNumber || character == "_" ? .word : .mark
        }
    }

    /// The character to which a motion leads; the same one where there is no further.
    mutating func target(of motion: TextMotion, from point: TextPoint) -> TextPoint {
        switch motion {
        case .left: return stop(from: point, backwards: true)
        case .right: return stop(from: point, backwards: false)
        case .wordForward: return word(after: point)
        case .wordBack: return wordEdge(from: point, backwards: true)
        case .wordEnd: return wordEdge(from: point, backwards: false)
        case .rowStart:
            let place = place(of: point)
            return self.point(at: place, column: 0)
        case .rowEnd:
            let place = place(of: point)
            return self.point(at: place, column: .max)
        case .top: return TextPoint(entry: 0, cell: 0)
        case .bottom:
            let entry = entries.count - 1
            return self.point(at: TextPlace(entry: entry, line: max(0, textRows(of: entry) - 1)), column: 0)
        case .messageBack:
            let before = point.cell > 0 ? point.entry : point.entry - 1
            return TextPoint(entry: max(0, before), cell: 0)
        case .messageForward:
            guard point.entry + 1 < entries.count else { return target(of: .bottom, from: point) }
            return TextPoint(entry: point.entry + 1, cell: 0)
        }
    }

    /// The next character on which the cursor can stand: a line break only where its row has nothing else.
    private mutating func stop(from point: TextPoint, backwards: Bool) -> TextPoint {
        var place = point
        while let next = neighbour(of: place, backwards: backwards) {
            place = next
            let layout = layout(of: next.entry)
            guard layout.cells.indices.contains(next.cell) else { return next }
            let isBreak = layout.cells[next.cell].text == "\n"
            if !isBreak || next.cell == 0 || layout.cells[next.cell - 1].text == "\n" { return next }
        }
        return point
    }

    /// The cell beside a cell, in the entry beside where there is none; only as far as rows are shown.
    private mutating func neighbour(of point: TextPoint, backwards: Bool) -> TextPoint? {
        if backwards {
            if point.cell > 0 { return TextPoint(entry: point.entry, cell: point.cell - 1) }
            return point.entry > 0 ? TextPoint(entry: point.entry - 1, cell: lastCell(of: point.entry - 1)) : nil
        }
        if point.cell < lastCell(of: point.entry) { return TextPoint(entry: point.entry, cell: point.cell + 1) }
        return point.entry + 1 < entries.count ? TextPoint(entry: point.entry + 1, cell: 0) : nil
    }

    /// The last character of an entry's rows.
    private mutating func lastCell(of entry: Int) -> Int {
        let layout = layout(of: entry)
        let rows = textRows(of: entry)
        guard rows > 0, layout.lines.indices.contains(rows - 1) else { return 0 }
        return lastCell(of: layout.lines[rows - 1], in: layout)
    }

    private mutating func kind(of point: TextPoint) -> Kind {
        let cells = layout(of: point.entry).cells
        return cells.indices.contains(point.cell) ? Kind(cells[point.cell]) : .blank
    }

    private mutating func word(after point: TextPoint) -> TextPoint {
        var place = point
        var before = kind(of: point)
        while let next = neighbour(of: place, backwards: false) {
            let kind = kind(of: next)
            if kind != .blank, kind != before || next.entry != place.entry { return next }
            (place, before) = (next, kind)
        }
        return place
    }

    /// The far edge of the next word, or of this one unless the point is there already.
    private mutating func wordEdge(from point: TextPoint, backwards: Bool) -> TextPoint {
        var place = point
        while let next = neighbour(of: place, backwards: backwards) {
            place = next
            if kind(of: place) != .blank { break }
        }
        let word = kind(of: place)
        while let next = neighbour(of: place, backwards: backwards), next.entry == place.entry,
            kind(of: next) == word
        {
            place = next
        }
        return place
    }
}
