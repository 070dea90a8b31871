public import Chat
import Screen

extension StateReading {
    /// What the memory holds as text, a layer a line; for the line mode and notes.
    public var report: String {
        var lines = [
            "\(CountText.of(tokensSeen, "token")) seen; the state takes \(ByteText.long(stateBytes)) in \(CountText.of(layers.count, "layer"))",
            "next token: entropy \(DecimalText.fixed(next.entropy, places: 2)) bit"
                + next.top.map { "  \($0.shown)" }.joined(),
            "each layer's parts, with their norm and largest value:",
        ]
        if next.top.isEmpty { lines[1] = "next token: nothing has been read yet" }
        lines += layers.enumerated().map { index, parts in
            "  L\(index < 10 ? "0" : "")\(index)" + parts.map { "  \($0.text)" }.joined()
        }
        return lines.joined(separator: "\n")
    }
}

extension StateReading.Part {
    fileprivate var text: String {
        "\(name) \(shape.map(String.init).joined(separator: "x")) \(DecimalText.fixed(norm, places: 2))"
            + " (\(DecimalText.fixed(largest, places: 2)))"
    }
}

extension SpeedReading {
    /// How fast the model was, for the line mode and notes.
    public var report: String {
        let read = Int(Double(weightBytesPerToken) * tokensPerSecond)
        return """
            reading    \(DecimalText.rate(promptTokensPerSecond)) tokens a second (\(promptTokens) in one piece)
            answering  \(DecimalText.rate(tokensPerSecond)) tokens a second (\(tokens) one by one)
            weights    \(ByteText.long(weightBytesPerToken)) a token, \(ByteText.long(read)) a second
            """
    }
}
