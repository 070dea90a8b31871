import Testing
import Tokenization

@Suite struct ChatMLTests {
    private let user = TemplateMessage(role: "user", content: "Hi")

    @Test func messagesAreLaidOut() throws {
        let template = ChatML()
        #expect(
            try template.render(
                [user, .init(role: "assistant", content: "Hello"), user], addGenerationPrompt: true)
                == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n"
                + "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
        #expect(try template.render([user], addGenerationPrompt: false) == "<|im_start|>user\nHi<|im_end|>\n")
        #expect(try template.render([], addGenerationPrompt: false) == "")
    }

    @Test func aDefaultSystemMessageComesFirstUnlessThereIsOne() throws {
        let template = ChatML(defaultSystem: "Be kind.")
        #expect(
            try template.render([user], addGenerationPrompt: false)
                == "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n")
        let system = TemplateMessage(role: "system", content: "Be brief.")
        #expect(
            try template.render([system], addGenerationPrompt: false) == "<|im_start|>system\nBe brief.<|im_end|>\n")
        #expect(try template.render([], addGenerationPrompt: true) == "<|im_start|>assistant\n")
    }

    @Test func templatesAreRecognised() {
        let smolLM2 =
            "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
            + "{{ '<|im_start|>system\nYou are kind<|im_end|>\n' }}{% endif %}"
            + "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        #expect(ChatML(recognizing: smolLM2)?.defaultSystem == "You are kind")
        #expect(
            ChatML(recognizing: smolLM2.replacing("\n", with: "\\n").replacing("You are", with: "I\\'m"))?
                .defaultSystem == "I'm kind")
        let variable = "{{ '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>' }}"
        #expect(ChatML(recognizing: variable) != nil)
        #expect(ChatML(recognizing: variable)?.defaultSystem == nil)
        #expect(ChatML(recognizing: variable + smolLM2)?.defaultSystem == "You are kind")
        let raw = "<|im_start|>system\n{{ system }}<|im_end|>"
        #expect(ChatML(recognizing: raw) != nil)
        #expect(ChatML(recognizing: raw)?.defaultSystem == nil)
        #expect(ChatML(recognizing: "<|im_start|>system\nPlain<|im_end|>")?.defaultSystem == "Plain")
        #expect(ChatML(recognizing: "{{ '[INST] ' + messages[0]['content'] + ' [/INST]' }}") == nil)
        #expect(ChatML(recognizing: "<|im_start|>") == nil)
        #expect(ChatML(recognizing: "") == nil)
    }
}
