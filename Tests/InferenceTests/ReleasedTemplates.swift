import Foundation
import Testing
import Tokenization

/// The chat templates of released models, from the tokenizers' goldens (format chat-golden-1).
enum ReleasedTemplates {
    private struct File: Decodable {
        struct Template: Decodable {
            var name, template, bos_token, eos_token: String
        }
        var templates: [Template]
    }

    /// A template by its name there.
    struct Entry: Sendable, CustomTestStringConvertible {
        let name: String
        let template: JinjaTemplate
        let eosToken: String
        var testDescription: String { name }
    }

    static let all = Result { () throws -> [Entry] in
        let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "TokenizationTests/Golden/chat.json")
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: golden)).templates.map {
            Entry(
                name: $0.name,
                template: try JinjaTemplate(source: $0.template, bosToken: $0.bos_token, eosToken: $0.eos_token),
                eosToken: $0.eos_token)
        }
    }

    static func named(_ name: String) throws -> JinjaTemplate {
        try #require(try all.get().first { $0.name == name }).template
    }
}
