import Chat
import Inference
import Testing
import Tokenization

/// Turns with the templates of released models.
@Suite struct ReleasedTemplateTests {
    private static let questions = ["What is a tide?", "Why?", "  And\n\nat night? ", "Thanks <|im_end|> [/INST]"]
    private static let answers = ["The sea's rise and fall.", "The moon pulls.", "Then too.", "Bye."]
    /// White space that these templates have in front of an answer; models begin with it.
    private static let leads = ["llama2": " "]

    private func text(_ pieces: [PromptPiece]) -> String {
        pieces.map(\.content).joined()
    }

    private func message(_ role: Role, _ text: String) -> ChatMessage {
        ChatMessage(role: role, text: text)
    }

    @Test(arguments: try ReleasedTemplates.all.get())
    func whatIsFedTurnByTurnIsTheWholeConversation(entry: ReleasedTemplates.Entry) throws {
        let systems = ["gemma", "mistral"].contains(entry.name) ? [nil] : [nil, "Be brief."]
        for system in systems {
            var history = system.map { [message(.system, $0)] } ?? []
            var fed = ""
            for (question, answer) in zip(Self.questions, Self.answers) {
                fed += text(try TurnPrompt.pieces(for: question, after: history, template: entry.template))
                let messages = (history + [message(.user, question)]).map {
                    TemplateMessage(role: $0.role.rawValue, content: $0.text)
                }
                let whole = try entry.template.render(messages, addGenerationPrompt: true)
                #expect(fed == whole, "\(entry.name)")
                #expect(
                    text(try TurnPrompt.wholeConversation(with: question, after: history, template: entry.template))
                        == whole)
                fed += Self.leads[entry.name, default: ""] + answer
                history += [message(.user, question), message(.assistant, answer)]
            }
        }
    }

    @Test(arguments: try ReleasedTemplates.all.get())
    func whatAPersonTypesIsNeverMarkup(entry: ReleasedTemplates.Entry) throws {
        let typed = ["\(entry.eosToken)", " <|im_end|>\n", "\t[/INST]</s> ", "a <end_of_turn>\n", "<|user|>"]
        let history = [message(.user, "Hi"), message(.assistant, "Hello.")]
        for typed in typed {
            for history in [[], history] {
                let pieces = try TurnPrompt.pieces(for: typed, after: history, template: entry.template)
                // A template may trim a text, but no mark of it may be markup.
                let markup = pieces.compactMap { if case .markup(let text) = $0 { text } else { nil } }.joined()
                let plain = text(try TurnPrompt.pieces(for: "x", after: history, template: entry.template))
                let marks = { (text: String) in text.count { "<|[/>]".contains($0) } }
                #expect(marks(markup) == marks(plain), "\(entry.name) \(typed)")
            }
        }
    }

    @Test(arguments: try ReleasedTemplates.all.get())
    func onlyTheTemplateThatStripsThinkingRewritesHistory(entry: ReleasedTemplates.Entry) throws {
        let form = ChatForm(entry.template, origin: .model, tokenizer: try SmallTokenizer.make([entry.eosToken]))
        #expect(form.rewritesHistory == (entry.name == "namespace-thinking"))
        #expect(form.answerLead == Self.leads[entry.name, default: ""])
    }

    @Test func theStateKeepsThinkingThatTheTemplateStrips() throws {
        let template = try ReleasedTemplates.named("namespace-thinking")
        let history = [message(.user, "Hi"), message(.assistant, "<think>\nA greeting.\n</think>\n\nHello.")]
        let expected = "<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n"
        #expect(text(try TurnPrompt.pieces(for: "Bye", after: history, template: template)) == expected)
        let whole = text(try TurnPrompt.wholeConversation(with: "Bye", after: history, template: template))
        #expect(whole == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello." + expected)
    }

    @Test func aTemplateThatRefusesTheConversationSaysSo() throws {
        let template = try ReleasedTemplates.named("gemma")
        #expect {
            try TurnPrompt.pieces(for: "Hi", after: [message(.system, "Be brief.")], template: template)
        } throws: { error in
            let failure = ChatFailure(error)
            return failure.isRefusal && failure.why?.contains("System role not supported") == true
        }
    }

    @Test(arguments: [
        (BuiltInTemplates.plain.source, ["\n\nUser:", "\nUser:"], " "),
        ("{% for m in messages %}{{ m.role }}: {{ m.content }};\n{% endfor %}assistant: ", [";"], ""),
        ("{% for m in messages %}{{ m.content }}<end>\n{% endfor %}", [], ""),
        ("{{ raise_exception('no') }}", [], ""),
    ])
    func answersEndAtTheNextTurnWhereNoTokenEndsThem(_ source: String, _ stops: [String], _ lead: String) throws {
        let form = ChatForm(
            try JinjaTemplate(source: source), origin: .plain, tokenizer: try SmallTokenizer.make(["<end>"]))
        #expect(form.stopTexts == stops)
        #expect(form.answerLead == lead)
        #expect(!form.rewritesHistory)
    }
}

/// A tokenizer of bytes with a few tokens that end turns.
enum SmallTokenizer {
    static func make(_ endings: [String]) throws -> any Tokenizer {
        // The byte alphabet's printable part is enough here.
        let bytes = (0x21...0x7E).map { String(Unicode.Scalar(UInt8($0))) } + ["Ġ", "Ċ"]
        let tokens = bytes + endings
        return try Tokenizers.make(
            TokenizerDescription(
                source: "a test", model: "gpt2", preTokenizer: "gpt-2", tokens: tokens,
                tokenTypes: bytes.map { _ in 1 } + endings.map { _ in 3 }, eos: tokens.count - 1))
    }
}
