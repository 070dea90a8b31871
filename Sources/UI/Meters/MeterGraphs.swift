import Screen

/// Graphs and bars made of characters.
enum MeterGraphs {
    /// A bar of `columns` in brackets: `[||||    ]`, filled to a fraction from 0 to 1.
    static func bar(_ fraction: Double, columns: Int) -> (filled: String, empty: String) {
        let room = max(1, columns - 2)
        let filled = max(0, min(room, Int((fraction * Double(room)).rounded())))
        return ("[" + String(repeating: "|", count: filled), String(repeating: " ", count: room - filled) + "]")
    }

    /// Rows of a graph, from the top: values from 0 to 1, the last ones at the right.
    static func rows(_ values: [Double], columns: Int, height: Int, style: Glyphs.Graph, glyphs: Glyphs) -> [String] {
        switch style {
        case .braille: braille(values, columns: columns, height: height)
        case .block: levels(values, columns: columns, height: height, levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"])
        case .ascii: levels(values, columns: columns, height: height, levels: [".", ":", "|"])
        }
    }

    private static func levels(_ values: [Double], columns: Int, height: Int, levels: [String]) -> [String] {
        let shown = resampled(values, count: columns)
        return (0..<height).reversed().map { row in
            shown.map { value in
                guard let value else { return " " }
                let steps = Int((value * Double(height * levels.count)).rounded(.up)) - row * levels.count
                if steps <= 0 { return row == 0 ? levels[0] : " " }
                return levels[min(levels.count, steps) - 1]
            }.joined()
        }
    }

    /// Two values a column and four steps a row.
    private static func braille(_ values: [Double], columns: Int, height: Int) -> [String] {
        let shown = resampled(values, count: columns * 2)
        let dots: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
        return (0..<height).reversed().map { row in
            (0..<columns).map { column in
                var bits: UInt32 = 0
                for side in 0..<2 {
                    guard let value = shown[column * 2 + side] else { continue }
                    let steps = max(row == 0 ? 1 : 0, Int((value * Double(height * 4)).rounded(.up)) - row * 4)
                    for step in 0..<max(0, min(4, steps)) { bits |= dots[side][step] }
                }
                return bits == 0 ? " " : Unicode.Scalar(0x2800 + bits).map { String(Character($0)) } ?? " "
            }.joined()
        }
    }

    /// The last `count` values; nil where there is none yet.
    private static func resampled(_ values: [Double], count: Int) -> [Double?] {
        let shown = values.suffix(count).map { Optional(min(1, max(0, $0))) }
        return Array(repeating: nil, count: count - shown.count) + shown
    }
}
