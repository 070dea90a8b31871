import JSON
import Testing
import Tokenization

@Suite struct JinjaGoldenTests {
    @Test func conversationsAgreeWithTheReference() throws {
        let cases = try JinjaGoldens.chats.get()
        #expect(cases.count == 250)
        #expect(cases.count { $0.expected == nil } == 18)
        for example in cases {
            let render = { try JinjaTemplate(source: example.template).render(conversation: example.variables) }
            guard let expected = example.expected else {
                let message = templateError(render)
                #expect(example.error == "TemplateError: " + message, "\(example.name)")
                continue
            }
            #expect(sameBytes(try render(), expected), "\(example.name)")
        }
    }

    @Test func constructsAgreeWithTheReference() throws {
        let cases = try JinjaGoldens.snippets.get()
        #expect(cases.count > 300)
        for example in cases {
            let render = { try JinjaTemplate(source: example.template).render(context: example.variables) }
            guard let expected = example.expected else {
                #expect(example.error != nil)
                _ = templateError(render)
                continue
            }
            do {
                #expect(sameBytes(try render(), expected), "\(example.template)")
            } catch {
                Issue.record("\(example.template): \(error)")
            }
        }
    }

    @Test func conversationsOfRolesAndTextsAreRendered() throws {
        let template = try JinjaGoldens.template("llama2")
        let messages = [
            TemplateMessage(role: "system", content: "Be brief."), TemplateMessage(role: "user", content: " Hi "),
        ]
        #expect(
            try template.render(messages, addGenerationPrompt: true)
                == "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n Hi [/INST]")
    }

    @Test func whatAChatTemplateReliesOnIsDefined() throws {
        let source = """
            {{ tools is none }} {{ documents is none }} {{ add_generation_prompt }} {{ messages }} {{ bos_token }} \
            {{ eos_token is defined }} {{ more is defined }}
            """
        let template = try JinjaTemplate(source: source, bosToken: "<s>")
        #expect(try template.render(conversation: []) == "True True False [] <s> False False")
        #expect(
            try template.render(conversation: [("tools", .array([])), ("bos_token", .string("<b>"))])
                == "False True False [] <b> False False")
        #expect(try template.render(context: []) == "False False    False False")
    }

    @Test func theDateIsTheClocks() throws {
        let template = try JinjaTemplate(
            source: "{{ strftime_now('%Y %f %%') }}{{ strftime_now('') }}", now: { 1_000_000_000.25 })
        #expect(try template.render(context: []) == "2001 250000 %")
    }

    @Test func differentSpellingsOfALetterStayDifferent() throws {
        let context = #"{"a": "\u00e9", "b": "e\u0301", "d": {"\u00e9": 1, "e\u0301": 2}}"#
        #expect(try render("{{ a == b }} {{ b|length }} {{ d|length }} {{ d[b] }}", context) == "False 2 2 2")
    }
}
