/// Writes JSON as it comes, fast enough for a vocabulary's worth of numbers at a time.
///
/// What is written is ASCII wherever a terminal could take it for a command: control characters and direction marks
/// are escaped.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    /// Whether something stands before, in the same object or array.
    private var needsComma = false

    package init() {}

    /// Returns what has been written since the last call.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll() }
        return bytes
    }

    package mutating func beginObject() { open("{") }
    package mutating func endObject() { close("}") }
    package mutating func beginArray() { open("[") }
    package mutating func endArray() { close("]") }

    /// Starts a member of an object; its value comes next.
    package mutating func key(_ name: String) {
        separate()
        appendString(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func field(_ name: String, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    package mutating func value(_ value: some JSONWritable) {
        value.write(to: &self)
    }

    /// Ends a line, between two values that stand alone.
    package mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Writes a word that is JSON already: a number, `true`, `null`.
    fileprivate mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    fileprivate mutating func string(_ text: String) {
        separate()
        appendString(text)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func appendString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: #"\""#.utf8)
            case "\\": bytes.append(contentsOf: #"\\"#.utf8)
            case "\n": bytes.append(contentsOf: #"\n"#.utf8)
            case "\r": bytes.append(contentsOf: #"\r"#.utf8)
            case "\t": bytes.append(contentsOf: #"\t"#.utf8)
            case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                bytes.append(contentsOf: #"\u"#.utf8)
                bytes.append(contentsOf: String(repeating: "0", count: 4 - digits.count).utf8)
                bytes.append(contentsOf: digits.utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// What JSON can say.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

extension Int: JSONWritable {
    package func write(to json: inout JSONWriter) { json.literal(description) }
}

extension Int32: JSONWritable {
    package func write(to json: inout JSONWriter) { json.literal(description) }
}

extension UInt64: JSONWritable {
    package func write(to json: inout JSONWriter) { json.literal(description) }
}

extension Bool: JSONWritable {
    package func write(to json: inout JSONWriter) { json.literal(description) }
}

extension Float: JSONWritable {
    /// Writes the shortest digits that read back as the same number; JSON has no word for the others, so `null`.
    package func write(to json: inout JSONWriter) { json.literal(isFinite ? description : "null") }
}

extension Double: JSONWritable {
    /// Writes the shortest digits that read back as the same number; JSON has no word for the others, so `null`.
    package func write(to json: inout JSONWriter) { json.literal(isFinite ? description : "null") }
}

extension String: JSONWritable {
    package func write(to json: inout JSONWriter) { json.string(self) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    package func write(to json: inout JSONWriter) {
        if let self { self.write(to: &json) } else { json.literal("null") }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        for element in self { element.write(to: &json) }
        json.endArray()
    }
}

extension ArraySlice: JSONWritable where Element: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        for element in self { element.write(to: &json) }
        json.endArray()
    }
}
