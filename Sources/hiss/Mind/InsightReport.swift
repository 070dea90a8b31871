import Chat
import JSON

/// What a token reads, for files and other programs.
struct InsightReport {
    let insight: Insight
    let model: ModelSummary

    init(_ insight: Insight, of model: ModelSummary) {
        (self.insight, self.model) = (insight, model)
    }

    /// One JSON object, with every number in full.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("model", model.name)
        json.field("precision", model.precision)
        json.field("token", insight.position)
        json.field("layer", insight.layer)
        json.field("head", insight.query.head)
        json.field("start", insight.start)
        json.field("reread", insight.rereadTokens)
        json.key("tokens")
        json.beginArray()
        for (index, token) in insight.tokens.enumerated() {
            json.beginObject()
            json.field("position", insight.start + index)
            json.field("id", token.id)
            json.field("text", token.text)
            json.endObject()
        }
        json.endArray()
        if let scan = insight.scan { json.write(scan) }
        if let attention = insight.attention { json.write(attention) }
        json.key("layers")
        json.beginArray()
        for (index, layer) in insight.layers.enumerated() { json.write(layer, index: index) }
        json.endArray()
        json.key("next")
        json.beginArray()
        for choice in insight.next { json.write(choice) }
        json.endArray()
        json.endObject()
        json.newline()
        return json.drain()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ scan: Insight.Scan) {
        key("state_space")
        beginObject()
        field("heads", scan.heads)
        field("reads", scan.influence)
        field("retained", scan.retained)
        field("written", scan.written)
        field("reach_90", scan.reach)
        endObject()
    }

    fileprivate mutating func write(_ attention: Insight.Attention) {
        key("attention")
        beginObject()
        field("heads", attention.heads)
        field("weights", attention.weights)
        field("earlier", attention.earlier)
        field("reach_90", attention.reach)
        endObject()
    }

    fileprivate mutating func write(_ choice: TokenChoice) {
        beginObject()
        field("id", choice.id)
        field("text", choice.text)
        field("p", choice.probability)
        endObject()
    }

    fileprivate mutating func write(_ layer: Insight.Layer, index: Int) {
        beginObject()
        field("layer", index)
        field("mixer", layer.mixer.rawValue)
        field("delta", layer.reading?.meanStep)
        field("half_life", layer.reading?.halfLife)
        field("reach_90", layer.reach)
        key("lens")
        if let lens = layer.lens { write(lens) } else { value(String?.none) }
        endObject()
    }
}
