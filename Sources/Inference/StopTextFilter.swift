/// Passes an answer's text on, but holds back what may be the beginning of a stop text.
package struct StopTextFilter {
    private let stopTexts: [String]
    private var held = ""

    package init(_ stopTexts: [String]) {
        self.stopTexts = stopTexts.filter { !$0.isEmpty }
    }

    /// Takes text and returns what can be shown, and whether a stop text came up; that and all after it is dropped.
    package mutating func push(_ text: String) -> (text: String, stopped: Bool) {
        guard !stopTexts.isEmpty else { return (text, false) }
        held += text
        let hits = stopTexts.compactMap { held.firstRange(of: $0)?.lowerBound }
        if let first = hits.min() {
            let shown = String(held[..<first])
            held = ""
            return (shown, true)
        }
        let kept = longestHeldSuffix()
        let shown = String(held.unicodeScalars.dropLast(kept))
        held = String(held.unicodeScalars.suffix(kept))
        return (shown, false)
    }

    /// What was held back, when the answer ends without a stop text.
    package mutating func finish() -> String {
        defer { held = "" }
        return held
    }

    /// Scalars at the end of `held` that begin a stop text.
    private func longestHeldSuffix() -> Int {
        let scalars = Array(held.unicodeScalars)
        var longest = 0
        for stop in stopTexts.map({ Array($0.unicodeScalars) }) {
            for length in stride(from: min(stop.count - 1, scalars.count), to: longest, by: -1)
            where scalars.suffix(length).elementsEqual(stop.prefix(length)) {
                longest = length
                break
            }
        }
        return longest
    }
}
