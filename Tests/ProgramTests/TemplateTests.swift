import DefaultModel
import Foundation
import TestSupport
import Testing

@Suite struct TemplateTests {
    private let program: Program
    private let files: TemporaryDirectory

    init() throws {
        program = try Program()
        files = try TemporaryDirectory()
    }

    private func render(_ template: String, _ json: String, _ flags: String...) throws -> Program.Outcome {
        let path = try files.write(Array(template.utf8), "template.jinja")
        return try program.run(["template", "--template", path] + flags, input: Array(json.utf8))
    }

    @Test func theBytesAreExactlyWhatTheTemplateWrites() throws {
        let outcome = try render(
            "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m|tojson }}\n{% endfor %}{{ more }}\n\n",
            #"{"messages": [{"role": "user", "content": "é\u0000"}], "bos_token": "<s>", "more": [1, true, 1.0]}"#)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.text == "<s>user: {\"role\": \"user\", \"content\": \"é\\u0000\"}\n[1, True, 1.0]\n")
    }

    @Test func theShippedModelHasATemplate() throws {
        let outcome = try program.run(
            ["template"],
            input: Array(#"{"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}"#.utf8))
        #expect(outcome.status == 0)
        #expect(outcome.text.hasSuffix("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"))
    }

    @Test func theTokenizerMayComeFromElsewhere() throws {
        let json = Array(#"{"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}"#.utf8)
        let own = try program.run(["template"], input: json)
        let model = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/DefaultModel/\(DefaultModel.fileName)")
        let same = try program.run(["template", "--tokenizer", model.standardizedFileURL.path], input: json)
        #expect(same.status == 0 && same.output == own.output, "\(same.errors)")
        let missing = try program.run(["template", "--tokenizer", "/nowhere/tokenizer.json"], input: json)
        #expect(missing.status == 3 && missing.errors.contains("/nowhere/ has no tokenizer.json"), "\(missing.errors)")
        #expect(try program.run(["template", "--tokenizer", "x", "--template", "plain"], input: json).status == 2)
    }

    @Test func aBuiltInFormHasAName() throws {
        let json = #"{"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}"#
        let outcome = try program.run(["template", "--template", "plain"], input: Array(json.utf8))
        #expect(outcome.text == "User: Hi\n\nAssistant:")
        #expect(try program.run(["template", "--template", "chatlm"], input: Array(json.utf8)).status == 2)
    }

    @Test func theRawContextIsAllThereIs() throws {
        let template = "{{ messages is defined }}{{ tools is defined }}{{ x }}"
        #expect(try render(template, #"{"x": "y"}"#).text == "TrueTruey")
        #expect(try render(template, #"{"x": "y"}"#, "--raw-context").text == "FalseFalsey")
    }

    @Test(arguments: [
        ("{{ raise_exception('Roles must alternate') }}", "{}", "Roles must alternate"),
        ("a\n{{ 1 + 'x' }}", "{}", "line 2"), ("{{ x", "{}", "line 1"), ("{{ x|nosuch }}", "{}", "nosuch"),
        ("{{ 'a' * 10**12 }}", "{}", "MiB"), ("x", "{", "not valid JSON"), ("x", "[]", "JSON object"),
        ("x", "", "not valid JSON"),
        ("x", #"{"a": 1} b"#, "not valid JSON"),
    ])
    func whatCannotBeRenderedLeavesWithFive(_ template: String, _ json: String, _ message: String) throws {
        let outcome = try render(template, json)
        #expect(outcome.status == 5)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("hiss: ") && outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test func inputThatIsNotTextLeavesWithFive() throws {
        let path = try files.write(Array("x".utf8), "template.jinja")
        let outcome = try program.run(
            ["template", "--template", path], input: Array("{\"a\": \"".utf8) + [0xFF, 0x22, 0x7D])
        #expect(outcome.status == 5)
        #expect(outcome.errors.contains("byte 7 of 10 is 0xFF"))
        let binary = try files.write([0x61, 0xFF], "binary.jinja")
        #expect(try program.run(["template", "--template", binary], input: Array("{}".utf8)).status == 5)
    }

    @Test(
        arguments: [
            (["-m", "no-such-model"], 3), (["-m", "/nonexistent.gguf"], 3), (["--template", "/nonexistent"], 2),
            (["--template", "-"], 2), (["-m", "a", "--template", "b"], 2),
        ] as [([String], Int32)])
    func whatIsMissingHasItsStatus(_ arguments: [String], _ status: Int32) throws {
        let outcome = try program.run(["template"] + arguments, input: Array("{}".utf8))
        #expect(outcome.status == status)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("hiss: "))
    }
}
