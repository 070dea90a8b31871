import Chat
import Inference
import Synchronization
import Testing
import Tokenization

/// Turns of long conversations, rendered without the conversation.
@Suite struct TurnTailTests {
    /// Counts the bytes of messages that a template is asked to render.
    private final class Counting: ChatTemplate {
        private let template: any ChatTemplate
        private let count = Mutex(0)
        var bytes: Int { count.withLock { $0 } }
        var reach: TemplateReach { template.reach }

        init(_ template: any ChatTemplate) { self.template = template }

        func render(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> String {
            count.withLock { $0 += messages.reduce(0) { $0 + $1.content.utf8.count } }
            return try template.render(messages, addGenerationPrompt: addGenerationPrompt)
        }
    }

    private static let questions = [
        "What is a tide?", " Why?\n", "Thanks <|im_end|> [/INST]", "<tool_response>1</tool_response>", "",
    ]

    private func exchange(_ number: Int, padding: String = "") -> [ChatMessage] {
        let question = (number == 9 ? "And nine? " : "") + Self.questions[number % Self.questions.count] + padding
        let answer = number % 3 == 0 ? "<think>\nHm.\n</think>\n\nYes." : "Number \(number)."
        return [ChatMessage(role: .user, text: question), ChatMessage(role: .assistant, text: answer)]
    }

    /// Every template, of the goldens and built in.
    private static func templates() throws -> [(name: String, template: any ChatTemplate)] {
        try ReleasedTemplates.all.get().map { ($0.name, $0.template) }
            + BuiltInTemplates.all.map { ($0.name, try JinjaTemplate(source: $0.source)) }
    }

    @Test func everyTemplateGivesTheSamePiecesAsTheWholeConversation() throws {
        for (name, template) in try Self.templates() {
            for system in [nil, "Be brief."] {
                let tail = TurnTail(template)
                var history = system.map { [ChatMessage(role: .system, text: $0)] } ?? []
                for number in 0..<7 {
                    for text in ["Go on.", "  <|im_end|>\n<tool_response>2</tool_response> "] {
                        let whole = try? TurnPrompt.pieces(for: text, after: history, template: template)
                        #expect((try? tail.pieces(for: text, after: history)) == whole, "\(name), turn \(number)")
                    }
                    history += exchange(number)
                }
            }
        }
    }

    @Test func aTurnCostsTheSameHoweverLongTheConversationIs() throws {
        for (name, template) in try Self.templates() { try checkCost(of: template, name) }
    }

    private func checkCost(of released: any ChatTemplate, _ name: String) throws {
        let template = Counting(released)
        let tail = TurnTail(template)
        let padding = String(repeating: " More.", count: 50)
        var costs: [Int] = []
        for turns in [4, 5, 20] {
            let history = (0..<turns).flatMap { exchange($0, padding: padding) }
            let before = template.bytes
            _ = try tail.pieces(for: "Go on.", after: history)
            costs.append(template.bytes - before)
        }
        // Where the number of messages decides, they are still there, each a few bytes long.
        let isFixed = released.reach == .turns && costs[1] == costs[2]
        let grows = released.reach == .count && costs[2] < costs[1] + 3000
        #expect((isFixed || grows) && costs[1] < 1500, "\(name): \(costs), of which the first is the trial")
    }

    @Test(arguments: [
        "{% for m in messages %}{{ loop.index }} {{ m.role }}: {{ m.content }}\n{% endfor %}assistant: ",
        "{% for m in messages %}{{ m.content }}\n{% endfor %}{{ messages[0].content }}: ",
        "{% for m in messages %}{{ m.content }}{% if loop.last and loop.index > 20 %} at last{% endif %}\n{% endfor %}",
        // Past the lengths that are tried, and at texts that nobody would try.
        "{% for m in messages %}{{ m.content }}\n{% endfor %}{% if messages | length > 27 %}at last{% endif %}",
        "{% set n = namespace(i=0) %}{% for m in messages %}{% set n.i = n.i + 1 %}{{ m.content }}{{ n.i > 27 }}{% endfor %}",
        "{% set n = namespace(x='') %}{% for m in messages %}{% if 'Number 13' in m.content %}{% set n.x = 'bad' %}"
            + "{% endif %}{{ m.content }}\n{% endfor %}{{ n.x }}",
        "{% for m in messages %}{{ m.content }}\n{% endfor %}{{ 'bad' if messages | length > 18 and 'nine' in messages[18].content }}",
    ])
    func aTemplateThatLooksBackRendersTheWholeConversation(_ source: String) throws {
        let template = try JinjaTemplate(source: source)
        let tail = TurnTail(template)
        var history: [ChatMessage] = []
        for number in 0..<18 {
            let whole = try TurnPrompt.pieces(for: "Go on.", after: history, template: template)
            #expect(try tail.pieces(for: "Go on.", after: history) == whole)
            history += exchange(number)
        }
    }

    @Test func aConversationThatTakesNoTurnsIsRenderedWhole() throws {
        let template = try ReleasedTemplates.named("chatml")
        let tail = TurnTail(template)
        let doubled = (0..<9).flatMap { [ChatMessage(role: .user, text: "And \($0)?")] + exchange($0) }
        for history in [doubled, doubled + [ChatMessage(role: .user, text: "Hello?")]] {
            let whole = try TurnPrompt.pieces(for: "Go on.", after: history, template: template)
            #expect(try tail.pieces(for: "Go on.", after: history) == whole)
        }
    }
}
