import JSON
import Testing
import Tokenization

/// Templates with what the reference makes of them.
enum JinjaGoldens {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let template: String
        let variables: [(name: String, value: JSONValue)]
        /// nil where the reference raises an error.
        let expected: String?
        /// What the reference says of it.
        let error: String?

        var testDescription: String { name }
    }

    /// `chat.json`: templates of released models, rendered by Hugging Face's `apply_chat_template`.
    static let chats = Result { () throws -> [Case] in
        try read("chat.json").member("templates").items.flatMap { template in
            try template.member("cases").items.enumerated().map { index, example in
                let tokens = try ["bos_token", "eos_token"].map { ($0, try template.member($0)) }
                let extra = example.members.first { $0.name == "extra" }?.value.members ?? []
                let own = example.members.filter { ["messages", "add_generation_prompt"].contains($0.name) }
                return try make(
                    "\(template.member("name").text) \(index)", template.member("template").text, own + tokens + extra,
                    example)
            }
        }
    }

    /// `jinja.json`, and our own `jinja2.json`: constructs of the language.
    static let snippets = Result { () throws -> [Case] in
        try ["jinja.json", "jinja2.json"].flatMap { file in
            let golden = try read(file)
            let context = try golden.member("context").members
            return try golden.member("cases").items.enumerated().map { index, example in
                try make("\(file) \(index)", example.member("template").text, context, example)
            }
        }
    }

    private static func make(
        _ name: String, _ template: String, _ variables: [(name: String, value: JSONValue)], _ example: JSONValue
    ) throws -> Case {
        Case(
            name: name, template: template, variables: variables, expected: try? example.member("expected").text,
            error: try? example.member("error").text)
    }

    private static func read(_ file: String) throws -> JSONValue {
        try JSONValue(parsing: try Goldens.bytes(file))
    }

    /// The template called `name` in `chat.json`.
    static func template(_ name: String) throws -> JinjaTemplate {
        let found = try read("chat.json").member("templates").items.first { try $0.member("name").text == name }
        let template = try #require(found)
        return try JinjaTemplate(
            source: template.member("template").text, bosToken: template.member("bos_token").text,
            eosToken: template.member("eos_token").text)
    }

    /// The sources of the templates in `chat.json`.
    static func sources() throws -> [String] {
        try read("chat.json").member("templates").items.map { try $0.member("template").text }
    }
}

extension JSONValue {
    var members: [(name: String, value: JSONValue)] {
        if case .object(let members) = self { members } else { [] }
    }

    var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    var text: String {
        get throws {
            guard case .string(let text) = self else { throw JinjaGoldenError.noText }
            return text
        }
    }

    func member(_ name: String) throws -> JSONValue {
        guard let member = self[name] else { throw JinjaGoldenError.missing(name) }
        return member
    }
}

enum JinjaGoldenError: Error {
    case noText
    case missing(String)
}

/// Renders `source` with the JSON object `context`.
func render(_ source: String, _ context: String = "{}", limits: JinjaLimits = JinjaLimits()) throws -> String {
    let json = try JSONValue(parsing: Array(context.utf8))
    return try JinjaTemplate(source: source, limits: limits).render(context: json.members)
}

/// Returns the message of the error that `body` throws; it has to be one about a template.
func templateError(_ body: () throws -> some Any) -> String {
    do {
        let result = try body()
        Issue.record("no error, but \(result)")
    } catch let error as TokenizationError where error.code == .template {
        return error.message
    } catch {
        Issue.record("another error: \(error)")
    }
    return ""
}
