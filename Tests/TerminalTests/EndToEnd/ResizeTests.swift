import Foundation
import Testing

extension InTerminal {
    /// Resizing while the numbers from 1 on are printed: none is lost, and none is there twice.
    @Suite(.serialized, .endToEnd) struct ResizeTests {
        private static let last = 200
        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        /// The numbers of the chat's rows, from the top; the model may go on counting past the last one, and be stopped
        /// in the middle of a number.
        private func numbers(_ screen: [String]) -> [Int] {
            let found = screen.compactMap { row -> Int? in
                let words = words(row)
                guard row.hasPrefix("  "), let first = words.first, first.hasPrefix("n") else { return nil }
                return Int(first.dropFirst())
            }
            return Array(found[...(found.firstIndex(of: Self.last) ?? found.count - 1)])
        }

        /// Whether each number is one more than the one above it.
        private func isSequence(_ numbers: [Int]) -> Bool {
            zip(numbers, numbers.dropFirst()).allSatisfy { $0 + 1 == $1 }
        }

        @Test func numbersStayWholeWhateverTheSize() async throws {
            let tmux = try Tmux(
                "\(ProbeLog.program) --temp 0 --seed 1 --no-autosave", columns: 80, rows: 24,
                environment: ["HISS_HOME": log.folder.path])
            _ = try await tmux.waitForScreen("ready") {
                $0.contains { $0.contains("Enter send ") } && $0[0].contains("fast")
            }
            let text = (1...Self.last).map { "n\($0)" }.joined(separator: "\n")
            try tmux.type("/prefill ")
            try tmux.paste(text)
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("notice") { $0.contains { $0.contains("next answer begins") } }
            try tmux.type("Count.")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("the first numbers") { numbers($0).count > 3 }
            var step = 0
            let sizes = [(60, 15), (120, 40), (80, 24), (200, 60), (61, 17), (100, 30)]
            var seen = 0
            // Each frame while it streams has a piece of the sequence; on a busy machine the terminal may show half a frame
            // for a moment.
            while seen < Self.last - 20 {
                let (columns, rows) = sizes[step % sizes.count]
                try tmux.resize(columns: columns, rows: rows)
                let screen = try await tmux.waitForScreen("more numbers at \(columns)x\(rows)") { screen in
                    let found = numbers(screen)
                    return screen.count >= rows && screen[rows - 1].hasPrefix("F1") && (found.last ?? 0) > seen
                        && screen.allSatisfy { $0.count <= columns } && isSequence(found)
                }
                seen = numbers(screen).last ?? seen
                step += 1
            }
            #expect(step > 3)
            let answer = try await tmux.waitForScreen("the last number") { numbers($0).contains(Self.last) }
            // After an answer's end it would be one key with the Home below, when both are read at once.
            if answer.contains(where: { $0.contains("Esc stops") }) { try tmux.press("Escape") }
            try tmux.resize(columns: 80, rows: 24)
            _ = try await tmux.waitForScreen("the end") {
                $0.count >= 24 && $0[23].hasPrefix("F1") && $0.contains { $0.contains("Enter send ") }
            }
            // From the top, page by page, each number is there once.
            try tmux.press("Home")
            var all: [Int] = []
            for _ in 0..<40 where all.last != Self.last {
                let before = all.last ?? 0
                let screen = try await tmux.waitForScreen("the page after \(before)") {
                    let found = numbers($0)
                    return found.first.map { $0 <= before + 1 } == true && (found.last ?? 0) > before
                        && isSequence(found)
                }
                all += numbers(screen).filter { $0 > before }
                try tmux.press("PageDown")
            }
            #expect(all == Array(1...Self.last))
            try tmux.press("C-d")
        }
    }
}
