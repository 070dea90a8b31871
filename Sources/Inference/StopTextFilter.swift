/// Passes an answer's text on, but holds back what may be the beginning of a stop text.
package struct StopTextFilter {
    private let stopTexts: [String]
    /// The end of the text so far, which may begin a stop text.
    package private(set) var held: String

    /// A filter; `held` continues another one.
    package init(_ stopTexts: [String], held: String = "") {
        self.held = held
        self.stopTexts = stopTexts.filter { !$0.isEmpty }
    }

    /// Takes text and returns what can be shown, and what is not: a stop text and all after it, once one came up.
    package mutating func push(_ text: String) -> (text: String, dropped: String?) {
        guard !stopTexts.isEmpty else { return (text, nil) }
        held += text
        let scalars = held.unicodeScalars
        let hits = stopTexts.compactMap { scalars.firstRange(of: $0.unicodeScalars)?.lowerBound }
        if let first = hits.min() {
            let (shown, dropped) = (String(scalars[..<first]), String(scalars[first...]))
            held = ""
            return (shown, dropped)
        }
        let kept = longestHeldSuffix()
        let shown = String(scalars.dropLast(kept))
        held = String(scalars.suffix(kept))
        return (shown, nil)
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
