import JSON
import Testing
import Tokenization

@Suite struct BuiltInTemplateTests {
    private static let turns = [
        TemplateMessage(role: "user", content: "Hi"), TemplateMessage(role: "assistant", content: "Hello."),
        TemplateMessage(role: "user", content: "Bye"),
    ]
    private static let withSystem = [TemplateMessage(role: "system", content: "Be kind.")] + turns

    private func render(_ name: String, _ messages: [TemplateMessage]) throws -> String {
        let form = try #require(BuiltInTemplates.named(name))
        return try JinjaTemplate(source: form.source, bosToken: "<s>", eosToken: "</s>").render(
            messages, addGenerationPrompt: true)
    }

    @Test(arguments: [
        ("plain", "Be kind.\n\nUser: Hi\n\nAssistant: Hello.\n\nUser: Bye\n\nAssistant:"),
        (
            "alpaca",
            "Be kind.\n\n### Instruction:\nHi\n\n### Response:\nHello.\n\n### Instruction:\nBye\n\n### Response:\n"
        ),
        (
            "chatml",
            "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
                + "Hello.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n"
        ),
        (
            "gemma",
            "<s><start_of_turn>user\nBe kind.\n\nHi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n"
                + "<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n"
        ),
        (
            "granite",
            "<|start_of_role|>system<|end_of_role|>Be kind.<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>Hi"
                + "<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>Hello.<|end_of_text|>\n"
                + "<|start_of_role|>user<|end_of_role|>Bye<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>"
        ),
        (
            "llama2",
            "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Bye [/INST]"
        ),
        (
            "llama3",
            "<s><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n"
        ),
        ("mistral", "<s>[INST] Be kind.\n\nHi [/INST]Hello.</s>[INST] Bye [/INST]"),
        (
            "phi3",
            "<|system|>\nBe kind.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\nBye<|end|>\n"
                + "<|assistant|>\n"
        ),
        ("vicuna", "Be kind. USER: Hi ASSISTANT: Hello.</s>USER: Bye ASSISTANT:"),
        (
            "zephyr",
            "<|system|>\nBe kind.</s>\n<|user|>\nHi</s>\n<|assistant|>\nHello.</s>\n<|user|>\nBye</s>\n<|assistant|>\n"
        ),
    ])
    func eachFormIsRenderedAsItsModelsExpect(_ name: String, _ expected: String) throws {
        #expect(try render(name, Self.withSystem) == expected)
        let system = try #require(expected.firstRange(of: "Be kind."))
        let plain = try render(name, Self.turns)
        #expect(!plain.contains("Be kind.") && expected.hasSuffix(plain.suffix(20)))
        #expect(plain.utf8.count < expected.utf8.count - expected[system].utf8.count + 1)
    }

    @Test func everyFormIsTested() {
        let tested = [
            "alpaca", "chatml", "gemma", "granite", "llama2", "llama3", "mistral", "phi3", "plain", "vicuna", "zephyr",
        ]
        #expect(BuiltInTemplates.all.map { $0.name } == tested)
        #expect(BuiltInTemplates.named("chatlm") == nil)
    }

    @Test func formsOfReleasedModelsAgreeWithTheirTemplates() throws {
        let own = [
            "chatml": "chatml", "llama2": "llama2", "llama3": "llama3", "mistral": "mistral", "zephyr": "zephyr",
            "gemma": "gemma",
        ]
        var compared = 0
        for example in try JinjaGoldens.chats.get() {
            let name = String(example.name.prefix { $0 != " " })
            guard let form = own[name].flatMap({ BuiltInTemplates.named($0) }), let expected = example.expected else {
                continue
            }
            // Only conversations that every form takes, and that end where an answer is wanted.
            guard expected.isEmpty == false, Self.isPlain(example) else { continue }
            #expect(
                try JinjaTemplate(source: form.source).render(conversation: example.variables) == expected,
                "\(example.name)")
            compared += 1
        }
        #expect(compared >= 40)
    }

    /// Whether users and the assistant take turns, each with a text that is not blank, and an answer comes next.
    private static func isPlain(_ example: JinjaGoldens.Case) -> Bool {
        func member(_ name: String, _ members: [(name: String, value: JSONValue)]) -> JSONValue? {
            members.first { $0.name == name }?.value
        }
        let messages = member("messages", example.variables)?.items ?? []
        guard case .bool(true)? = member("add_generation_prompt", example.variables) else { return false }
        return messages.allSatisfy { message in
            guard case .string(let text)? = member("content", message.members) else { return false }
            return text.contains { !$0.isWhitespace }
        } && !messages.isEmpty
    }

    @Test func missingTokensAreLeftOut() throws {
        for form in BuiltInTemplates.all {
            let text = try JinjaTemplate(source: form.source).render(
                [TemplateMessage(role: "user", content: "Hi")], addGenerationPrompt: true)
            #expect(text.contains("Hi") && !text.contains("None"), "\(form.name)")
        }
    }
}
