package import Foundation
package import Screen

/// Compares frames with files; `RECORD=1` writes the files and fails the test.
package enum GoldenFrame {
    /// What differs from `file`, or nil.
    ///
    /// - Parameter styles: Whether a second layer with a letter for each cell's style follows the text.
    package static func difference(_ frame: CellBuffer, file: URL, styles: Bool = false) throws -> String? {
        try difference(text(of: frame, styles: styles), file: file)
    }

    /// What differs from `file`, or nil.
    package static func difference(_ found: String, file: URL) throws -> String? {
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try found.write(to: file, atomically: true, encoding: .utf8)
            return "recorded \(file.lastPathComponent); look at it and run again without RECORD"
        }
        guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
            return "\(file.path) is missing; RECORD=1 writes it"
        }
        guard expected != found else { return nil }
        return "\(file.lastPathComponent) differs\n--- expected\n\(expected)\n--- found\n\(found)"
    }

    /// The frame's rows, the cursor's place and, if asked for, its styles.
    package static func text(of frame: CellBuffer, styles: Bool) -> String {
        var lines = frame.lines
        lines.append("== cursor " + (frame.cursor.map { "\($0.column),\($0.row)" } ?? "hidden"))
        if styles { lines += styleLayer(of: frame) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A letter for each style in the order in which they come up, and what the letters mean.
    private static func styleLayer(of frame: CellBuffer) -> [String] {
        var letters: [Style: Character] = [Style(): "."]
        var legend = ["== styles"]
        var rows: [String] = []
        for row in 0..<frame.size.rows {
            rows.append(
                String(
                    (0..<frame.size.columns).map { column in
                        let style = frame[column, row].style
                        if let letter = letters[style] { return letter }
                        let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(letters.count - 1)))
                        letters[style] = letter
                        legend.append("\(letter) = \(describe(style))")
                        return letter
                    }))
        }
        return legend + rows
    }

    private static func describe(_ style: Style) -> String {
        let names: [(Style.Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
        ]
        let attributes = names.filter { style.attributes.contains($0.0) }.map(\.1)
        return (["\(style.foreground) on \(style.background)"] + attributes).joined(separator: " ")
    }
}
