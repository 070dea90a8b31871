import Foundation
import Tokenization

/// Jinja templates, on a conversation.
struct TemplateTarget: FuzzTarget {
    static let name = "template"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        try ["chat", "jinja", "jinja2"].flatMap { name in
            let json = try JSONSerialization.jsonObject(
                with: Data(TestFiles.bytes("TokenizationTests/Golden/\(name).json")))
            return texts(named: "template", in: json).enumerated().map { ("\(name)-\($0)", Array($1.utf8)) }
        }
    }

    private static func texts(named name: String, in json: Any) -> [String] {
        switch json {
        case let object as [String: Any]:
            object.sorted { $0.key < $1.key }.flatMap { key, value in
                key == name ? (value as? String).map { [$0] } ?? [] : texts(named: name, in: value)
            }
        case let array as [Any]: array.flatMap { texts(named: name, in: $0) }
        default: []
        }
    }

    /// Low, so that inputs which loop on purpose take milliseconds.
    private let limits = JinjaLimits(steps: 20_000, valueBytes: 4 << 20, outputBytes: 1 << 20)
    private let messages = [
        TemplateMessage(role: "system", content: "Be brief."), TemplateMessage(role: "user", content: "Hi <b>é</b>"),
        TemplateMessage(role: "assistant", content: "<think>\nx\n</think>\n\nHello"),
        TemplateMessage(role: "user", content: ""),
    ]

    func run(_ bytes: [UInt8]) {
        let source = String(decoding: bytes, as: UTF8.self)
        guard
            let template = try? JinjaTemplate(
                source: source, bosToken: "<s>", eosToken: "</s>", limits: limits, now: { 1_700_000_000 })
        else { return }
        _ = try? template.render(messages, addGenerationPrompt: true)
    }
}
