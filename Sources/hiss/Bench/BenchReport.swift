import Chat
import Launch
import UI

/// All that `hiss bench` found.
struct BenchReport {
    var model: ModelSummary
    var instructionSet: String
    var promptTokens, decodeTokens, depth, repetitions: Int
    /// Tokens per second.
    var prefill, decode: Spread
    var loadSeconds: Double
    var peakBytes: Int
    var stateBytes: Int
    /// Bytes that decoding a token reads of the weights, and reads and writes of the state.
    var weightBytesPerToken, stateBytesPerToken: Int
    /// Bytes per second.
    var readBandwidth: Double

    var bytesPerToken: Int { weightBytesPerToken + stateBytesPerToken }
    /// The part of the read bandwidth that decoding uses; above 1 where caches keep a part of the weights.
    var bandwidthFraction: Double { Double(bytesPerToken) * decode.median / readBandwidth }

    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("model", model.name)
        json.field("title", model.title)
        json.field("family", model.family)
        json.field("parameters", model.parameters)
        json.field("precision", model.precision)
        json.field("threads", model.threads)
        json.field("isa", instructionSet)
        json.field("prompt_tokens", promptTokens)
        json.field("decode_tokens", decodeTokens)
        json.field("depth", depth)
        json.field("repetitions", repetitions)
        for (name, spread) in [("prefill", prefill), ("decode", decode)] {
            json.key(name)
            json.beginObject()
            json.field("median", spread.median)
            json.field("min", spread.min)
            json.field("max", spread.max)
            json.endObject()
        }
        json.field("load_seconds", loadSeconds)
        json.field("peak_bytes", peakBytes)
        json.field("state_bytes", stateBytes)
        json.field("weight_bytes_per_token", weightBytesPerToken)
        json.field("bytes_per_token", bytesPerToken)
        json.field("read_bandwidth", readBandwidth)
        json.field("bandwidth_fraction", bandwidthFraction)
        json.endObject()
        json.newline()
        return json.drain()
    }

    var table: String {
        let rows = [
            ("model", "\(model.title), \(model.family), \(model.parameters) weights, \(model.precision)"),
            ("machine", "\(instructionSet), \(model.threads) threads"),
            ("prefill", "\(speed(prefill)) for \(promptTokens) tokens\(after)"),
            ("decode", "\(speed(decode)) for \(decodeTokens) tokens\(after)"),
            ("load", "\(fixed(loadSeconds, 3)) s"),
            ("peak memory", "\(ByteText.long(peakBytes))"),
            ("state", "\(ByteText.long(stateBytes))"),
            ("a token moves", "\(ByteText.long(bytesPerToken)) of weights and state"),
            (
                "bandwidth",
                "\(fixed(readBandwidth / 1e9, 1)) GB/s; decoding uses \(fixed(bandwidthFraction * 100, 0)) % of it"
            ),
        ]
        return rows.map { "\($0.padding(to: 14))\($1)\n" }.joined()
    }

    private var after: String { depth > 0 ? " after \(depth)" : "" }

    private func speed(_ spread: Spread) -> String {
        "\(fixed(spread.median, 1)) tokens/s (\(fixed(spread.min, 1)) to \(fixed(spread.max, 1)))"
    }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        guard digits > 0 else { return String(Int(value.rounded())) }
        let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension String {
    /// The text with blanks up to `count` characters.
    fileprivate func padding(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }
}
