import Launch
import Screen

/// A line on the terminal that says how far something is; nothing where there is no terminal.
struct ProgressLine {
    private let isShown: Bool

    init(isShown: Bool) {
        self.isShown = isShown && Output.standardError.isTerminal
    }

    /// Replaces the line.
    func show(_ text: String) {
        if isShown { try? Output.standardError.write("\r\u{1B}[K" + InertText.plain(text)) }
    }

    /// Replaces the line by how much is done, between 0 and 1, and what is being done.
    func show(_ part: Double, _ text: String) { show(Self.bar(part) + "  " + text) }

    /// As in `[#####...................] 21 %`.
    static func bar(_ part: Double) -> String {
        let part = min(1, max(0, part))
        let filled = Int(part * Double(barWidth))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled) + "] "
            + "\(Int(part * 100)) %"
    }

    private static let barWidth = 24

    /// Removes the line.
    func finish() {
        if isShown { try? Output.standardError.write("\r\u{1B}[K") }
    }
}
