/// A template's string: code points, as Python counts, compares and slices them.
///
/// Swift's `String` calls differently spelled texts equal and counts what a reader sees as one; neither is what a
/// template written for Python expects.
struct JinjaText: Hashable, Comparable, Sendable {
    typealias Scalars = [Unicode.Scalar]

    /// The code points.
    var scalars: Scalars
    /// Whether the text is HTML already, so that escaping leaves it as it is.
    var isMarkup = false

    init(_ scalars: Scalars, isMarkup: Bool = false) {
        self.scalars = scalars
        self.isMarkup = isMarkup
    }

    init(_ string: String) {
        scalars = Array(string.unicodeScalars)
    }

    /// The text as a Swift string.
    var string: String { scalars.string }

    static func == (first: JinjaText, second: JinjaText) -> Bool { first.scalars == second.scalars }

    static func < (first: JinjaText, second: JinjaText) -> Bool {
        first.scalars.lexicographicallyPrecedes(second.scalars)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(scalars)
    }
}

extension [Unicode.Scalar] {
    /// The code points as a Swift string.
    var string: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }

    /// The number of bytes in UTF-8.
    var byteCount: Int {
        reduce(0) { $0 + ($1.value < 0x80 ? 1 : $1.value < 0x800 ? 2 : $1.value < 0x10000 ? 3 : 4) }
    }

    /// The places where `needle` stands, left to right and without overlap, at most `limit` of them.
    ///
    /// An empty needle stands before every code point and at the end. Knuth, Morris and Pratt's search: no text makes
    /// it slow.
    func places(of needle: [Unicode.Scalar], limit: Int = .max, from start: Int = 0) -> [Int] {
        guard !needle.isEmpty else { return Array<Int>((start...count).prefix(limit)) }
        guard limit > 0, needle.count <= count - start else { return [] }
        let borders = needle.borders
        var places: [Int] = []
        var matched = 0
        for index in start..<count {
            while matched > 0, self[index] != needle[matched] { matched = borders[matched - 1] }
            if self[index] == needle[matched] { matched += 1 }
            if matched == needle.count {
                places.append(index + 1 - matched)
                if places.count == limit { break }
                matched = 0
            }
        }
        return places
    }

    /// For each prefix, the length of its longest proper prefix that is also its end.
    private var borders: [Int] {
        var borders = [Int](repeating: 0, count: count)
        var length = 0
        for index in indices.dropFirst() {
            while length > 0, self[index] != self[length] { length = borders[length - 1] }
            if self[index] == self[length] { length += 1 }
            borders[index] = length
        }
        return borders
    }

    /// The text without the code points at its ends that `isStripped` accepts.
    func trimmed(start: Bool = true, end: Bool = true, where isStripped: (Unicode.Scalar) -> Bool) -> [Unicode.Scalar] {
        var lower = 0
        var upper = count
        if start { while lower < upper, isStripped(self[lower]) { lower += 1 } }
        if end { while upper > lower, isStripped(self[upper - 1]) { upper -= 1 } }
        return Array<Unicode.Scalar>(self[lower..<upper])
    }

    /// The lines, without the ends that Python's `splitlines` knows unless `keepingEnds`.
    func lines(keepingEnds: Bool = false) -> [[Unicode.Scalar]] {
        var lines: [[Unicode.Scalar]] = []
        var start = 0
        var index = 0
        while index < count {
            guard self[index].endsLine else {
                index += 1
                continue
            }
            let end = index
            index += self[index] == "\r" && index + 1 < count && self[index + 1] == "\n" ? 2 : 1
            lines.append(Array<Unicode.Scalar>(self[start..<(keepingEnds ? index : end)]))
            start = index
        }
        if start < count { lines.append(Array<Unicode.Scalar>(self[start...])) }
        return lines
    }

    /// The code points with `change` applied to each.
    func mapped(_ change: (Unicode.Scalar.Properties) -> String) -> [Unicode.Scalar] {
        flatMap { Array<Unicode.Scalar>(change($0.properties).unicodeScalars) }
    }

    var uppercased: [Unicode.Scalar] { mapped(\.uppercaseMapping) }

    /// The text in lower case.
    var lowercased: [Unicode.Scalar] { indices.flatMap { lowercase(at: $0) } }

    /// The code point at `index` in lower case; a capital sigma that ends a word becomes the small one for that place.
    func lowercase(at index: Int) -> [Unicode.Scalar] {
        guard self[index] == "\u{3A3}" else {
            return Array<Unicode.Scalar>(self[index].properties.lowercaseMapping.unicodeScalars)
        }
        let before = self[..<index].last { !$0.properties.isCaseIgnorable }
        let after = self[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true ? ["\u{3C2}"] : ["\u{3C3}"]
    }

    /// The text for comparing without regard to case, nearly as Python's `casefold` gives it.
    var folded: [Unicode.Scalar] {
        flatMap { scalar -> [Unicode.Scalar] in
            guard scalar != "\u{131}" else { return [scalar] }
            return scalar.properties.uppercaseMapping.unicodeScalars.flatMap {
                $0.properties.lowercaseMapping.unicodeScalars
            }
        }
    }

    /// The first code point in title case, the others in lower case.
    var capitalized: [Unicode.Scalar] {
        guard let first else { return [] }
        return Array<Unicode.Scalar>(first.properties.titlecaseMapping.unicodeScalars)
            + Array<Unicode.Scalar>(lowercased.dropFirst(first.properties.lowercaseMapping.unicodeScalars.count))
    }
}

extension Unicode.Scalar {
    /// Whether Python's `isspace`, `strip` and `\s` take it for white space.
    var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            true
        default: false
        }
    }

    /// Whether Python's `splitlines` ends a line at it.
    var endsLine: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether Python's `isalpha` accepts it.
    var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// Whether Python's `isdecimal` accepts it.
    var isDecimal: Bool { properties.generalCategory == .decimalNumber }

    /// Whether Python's `isdigit` accepts it.
    var isDigit: Bool { properties.numericType == .decimal || properties.numericType == .digit }

    /// Whether `\w` matches it.
    var isWord: Bool { self == "_" || isLetter || properties.numericType != nil }

    /// Whether Python prints it as it is inside quotes.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
