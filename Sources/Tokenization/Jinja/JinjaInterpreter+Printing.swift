/// Values as text, as Python's `str` and `repr` give them.
extension JinjaInterpreter {
    /// Returns what printing `value` gives.
    func printed(_ value: JinjaValue) throws -> JinjaText.Scalars {
        switch value {
        case .undefined: return []
        case .text(let text): return text.scalars
        default: return try represented(value)
        }
    }

    /// Returns what `value` looks like inside a printed list.
    func represented(_ value: JinjaValue) throws -> JinjaText.Scalars {
        var text: JinjaText.Scalars = []
        try represent(value, into: &text)
        return text
    }

    private func represent(_ value: JinjaValue, into text: inout JinjaText.Scalars) throws {
        let start = text.count
        try meter.step()
        switch value {
        case .undefined: text += "Undefined".unicodeScalars
        case .null: text += "None".unicodeScalars
        case .bool(let value): text += (value ? "True" : "False").unicodeScalars
        case .int(let value): text += String(value).unicodeScalars
        case .float(let value): text += value.pythonText.unicodeScalars
        case .text(let value):
            text += Self.quoted(value.scalars)
            if value.isMarkup { text = text[..<start] + "Markup(".unicodeScalars + text[start...] + [")"] }
        case .list(let list): return try represent(list, into: &text)
        case .dictionary(let dictionary): return try represent(dictionary, into: &text)
        case .generator(let generator): text += "<generator object \(generator.name)>".unicodeScalars
        case .object(let object):
            if let namespace = object as? JinjaNamespace {
                try meter.enter()
                defer { meter.leave() }
                text += "<Namespace ".unicodeScalars
                let members = namespace.names.map { (JinjaValue.text($0), namespace.members[$0] ?? .null) }
                guard case .dictionary(let dictionary) = try self.dictionary(members) else { return }
                try represent(dictionary, into: &text)
                text.append(">")
            } else {
                text += object.printed.unicodeScalars
            }
        }
        try meter.allocate(4 * (text.count - start))
    }

    private func represent(_ list: JinjaList, into text: inout JinjaText.Scalars) throws {
        let (start, end) =
            switch list.kind {
            case .list: ("[", "]")
            case .tuple, .group: ("(", list.items.count == 1 ? ",)" : ")")
            case .keys: ("dict_keys([", "])")
            case .values: ("dict_values([", "])")
            case .items: ("dict_items([", "])")
            case .range(let start, let stop, 1): ("range(\(start), \(stop)", ")")
            case .range(let start, let stop, let step): ("range(\(start), \(stop), \(step)", ")")
            }
        text += start.unicodeScalars
        if case .range = list.kind {
            text += end.unicodeScalars
            return
        }
        for (index, item) in list.items.enumerated() {
            if index > 0 { text += [",", " "] }
            try represent(item, into: &text)
        }
        text += end.unicodeScalars
        try meter.allocate(8 * list.items.count)
    }

    private func represent(_ dictionary: JinjaDictionary, into text: inout JinjaText.Scalars) throws {
        text.append("{")
        for (index, (key, value)) in zip(dictionary.keys, dictionary.values).enumerated() {
            if index > 0 { text += [",", " "] }
            try represent(key, into: &text)
            text += [":", " "]
            try represent(value, into: &text)
        }
        text.append("}")
        try meter.allocate(16 * dictionary.keys.count)
    }

    /// Returns `scalars` in quotes, with what can't be seen escaped.
    private static func quoted(_ scalars: JinjaText.Scalars) -> JinjaText.Scalars {
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var text: JinjaText.Scalars = [quote]
        for scalar in scalars {
            switch scalar {
            case quote, "\\": text += ["\\", scalar]
            case "\n": text += ["\\", "n"]
            case "\r": text += ["\\", "r"]
            case "\t": text += ["\\", "t"]
            case _ where scalar.isPrintable: text.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                text += ("\\" + mark + String(repeating: "0", count: width - digits.count) + digits).unicodeScalars
            }
        }
        return text + [quote]
    }

    /// Returns `text` with what HTML gives a meaning escaped; markup stays.
    func escaped(_ text: JinjaText) throws -> JinjaText.Scalars {
        guard !text.isMarkup else { return text.scalars }
        try meter.allocate(4 * text.scalars.count)
        var result: JinjaText.Scalars = []
        for scalar in text.scalars {
            switch scalar {
            case "&": result += "&amp;".unicodeScalars
            case "<": result += "&lt;".unicodeScalars
            case ">": result += "&gt;".unicodeScalars
            case "'": result += "&#39;".unicodeScalars
            case "\"": result += "&#34;".unicodeScalars
            default: result.append(scalar)
            }
        }
        return result
    }
}

extension Double {
    /// The number as Python prints it.
    var pythonText: String {
        guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
        guard self != 0 else { return sign == .minus ? "-0.0" : "0.0" }
        // The shortest digits are Swift's too; only where the exponent starts differs.
        let parts = magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = mantissa.joined()
        var point = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let zeros = digits.prefix { $0 == "0" }.count
        digits = String(digits.dropFirst(zeros))
        point -= zeros
        while digits.hasSuffix("0") { digits.removeLast() }
        let minus = self < 0 ? "-" : ""
        switch point {
        case 17..., ..<(-3):
            let exponent = abs(point - 1)
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            return minus + digits.prefix(1) + fraction + (point > 0 ? "e+" : "e-") + (exponent < 10 ? "0" : "")
                + String(exponent)
        case ...0: return minus + "0." + String(repeating: "0", count: -point) + digits
        default:
            let padded = digits + String(repeating: "0", count: max(point - digits.count, 0))
            let fraction = padded.dropFirst(point)
            return minus + padded.prefix(point) + "." + (fraction.isEmpty ? "0" : fraction)
        }
    }
}
