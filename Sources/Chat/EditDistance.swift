extension String {
    /// How many characters have to be put in, taken out or changed to come to `other` (Levenshtein), one row at a time.
    public func distance(to other: String) -> Int {
        let target = Array(other)
        var row = Array(0...target.count)
        for (i, character) in enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in target.indices {
                let substituted = diagonal + (character == target[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }
}
