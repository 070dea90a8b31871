/// A word of a template.
struct JinjaToken: Sendable {
    /// The kinds of word.
    enum Kind: Sendable, Equatable {
        /// Text outside of tags.
        case data(JinjaText)
        case outputStart
        case outputEnd
        case blockStart
        case blockEnd
        case name(String)
        case text(JinjaText)
        case int(Int)
        case float(Double)
        case symbol(String)
        /// The end of the template.
        case end
    }

    let kind: Kind
    let line: Int

    /// What messages call it.
    var description: String {
        switch kind {
        case .data: "text"
        case .outputStart: "'{{'"
        case .outputEnd: "'}}'"
        case .blockStart: "'{%'"
        case .blockEnd: "'%}'"
        case .name(let name): "'\(name)'"
        case .text: "a string"
        case .int(let value): "'\(value)'"
        case .float(let value): "'\(value)'"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "the end of the template"
        }
    }
}
