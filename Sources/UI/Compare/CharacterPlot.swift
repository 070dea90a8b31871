import Glibc
import Screen

/// Lines against two axes, drawn with characters: braille, blocks or letters.
struct CharacterPlot {
    enum Scale {
        case linear, logarithmic
    }

    struct Series {
        /// What it is called at its end: one column.
        var letter: String
        /// From left to right.
        var points: [(x: Double, y: Double)]
        /// A point that stands out, such as where a conversation is.
        var mark: (x: Double, y: Double)?
    }

    /// A part of a row that looks alike.
    struct Run: Equatable {
        var text: String
        /// The index of the series that it belongs to; nil for axes.
        var series: Int?
    }

    struct Axis {
        var scale: Scale
        var range: ClosedRange<Double>
        var ticks: [Double]
        var text: (Double) -> String

        /// From 0 at the beginning to 1 at the end; beyond them outside of the range.
        func part(_ value: Double) -> Double {
            let (low, high) = (place(range.lowerBound), place(range.upperBound))
            return high > low ? (place(value) - low) / (high - low) : 0
        }

        /// The value at a part of the axis.
        func value(at part: Double) -> Double {
            let (low, high) = (place(range.lowerBound), place(range.upperBound))
            let place = low + part * (high - low)
            return scale == .linear ? place : exp2(place)
        }

        func place(_ value: Double) -> Double {
            scale == .linear ? value : log2(max(value, .leastNormalMagnitude))
        }
    }

    var x: Axis
    var y: Axis
    /// What the values of the x axis are: `tokens`.
    var unit: String
    var series: [Series]

    private static let labelColumns = 6
    /// Columns behind the lines for what they are called.
    private static let letterColumns = 3

    /// The rows of a plot, axes and their labels among them.
    func rows(columns: Int, height: Int, glyphs: Glyphs) -> [[Run]] {
        let width = columns - Self.labelColumns - 1 - Self.letterColumns
        guard width >= 8, height >= 4 else { return [] }
        var canvas = PlotCanvas(columns: width, rows: height - 2, tail: Self.letterColumns, style: glyphs.graph)
        for (index, line) in series.enumerated() { draw(line, index, on: &canvas, glyphs) }
        let labels = tickRows(height: height - 2)
        var rows = canvas.rows.enumerated().map { row, runs in
            let label = labels[row] ?? ""
            let edge = label.isEmpty ? glyphs.verticalLine : glyphs.teeRight
            return [Run(text: label.padded(before: Self.labelColumns) + edge)] + runs
        }
        rows += axis(width: width, glyphs)
        return rows
    }

    private func draw(_ line: Series, _ index: Int, on canvas: inout PlotCanvas, _ glyphs: Glyphs) {
        guard let first = line.points.first, let last = line.points.last else { return }
        var before: Int?
        var end = (column: 0, row: 0)
        let steps = canvas.stepColumns
        let begin = step(x.part(first.x), of: steps)
        let stop = step(x.part(last.x), of: steps)
        for column in begin...max(begin, stop) {
            let value = x.value(at: Double(column) / Double(max(1, steps - 1)))
            guard let height = Self.interpolated(line.points, at: value, x, y) else { continue }
            let row = step(1 - y.part(height), of: canvas.stepRows)
            canvas.set(column: column, rows: min(before ?? row, row)...max(before ?? row, row), series: index)
            before = row
            end = (column, row)
        }
        canvas.letter(line.letter, after: end, series: index)
        guard let mark = line.mark else { return }
        canvas.mark(
            glyphs.bullet, column: step(x.part(mark.x), of: steps), row: step(1 - y.part(mark.y), of: canvas.stepRows),
            series: index)
    }

    private func step(_ part: Double, of count: Int) -> Int {
        guard part.isFinite else { return 0 }
        return min(count - 1, max(0, Int((part * Double(count - 1)).rounded())))
    }

    /// The height of a line at a value, straight between its points on both axes.
    private static func interpolated(_ points: [(x: Double, y: Double)], at value: Double, _ x: Axis, _ y: Axis)
        -> Double?
    {
        guard let first = points.first, let last = points.last else { return nil }
        if value <= first.x { return first.y }
        if value >= last.x { return last.y }
        guard let next = points.firstIndex(where: { $0.x >= value }), next > 0 else { return last.y }
        let (left, right) = (points[next - 1], points[next])
        let (from, to) = (x.place(left.x), x.place(right.x))
        let part = to > from ? (x.place(value) - from) / (to - from) : 1
        let place = y.place(left.y) + part * (y.place(right.y) - y.place(left.y))
        return y.scale == .linear ? place : exp2(place)
    }

    /// The labels of the y axis by row; of two in one row the first one stays.
    private func tickRows(height: Int) -> [Int: String] {
        var rows: [Int: String] = [:]
        for tick in y.ticks {
            let row = step(1 - y.part(tick), of: height)
            if rows[row] == nil, rows[row - 1] == nil, rows[row + 1] == nil { rows[row] = y.text(tick) }
        }
        return rows
    }

    private func axis(width: Int, _ glyphs: Glyphs) -> [[Run]] {
        var line = Array(repeating: glyphs.horizontalLine, count: width)
        var labels = ""
        let indent = Self.labelColumns + 1
        for tick in x.ticks {
            let column = step(x.part(tick), of: width)
            let text = x.text(tick)
            line[column] = glyphs.teeDown
            let start = max(0, column - text.count / 2) + indent
            guard labels.isEmpty || labels.count < start else { continue }
            labels += String(repeating: " ", count: start - labels.count) + text
        }
        let room = indent + width + Self.letterColumns - labels.count
        if room > unit.count { labels += " " + unit }
        return [
            [
                Run(text: "".padded(before: Self.labelColumns) + glyphs.teeRight + line.joined())
            ],
            [Run(text: labels)],
        ]
    }
}

extension String {
    fileprivate func padded(before columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - count)) + self
    }
}
