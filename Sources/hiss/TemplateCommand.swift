import ArgumentParser
import Chat
import Inference
import JSON
import Launch
import Tokenization
import Weights

/// Conversations as the text of a prompt.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Render a chat template with the JSON on standard input.",
        discussion: """
            The JSON object holds the template's variables: messages, add_generation_prompt, bos_token, eos_token and \
            any others. What the template makes of them is written as it is, without a line end.
            """)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Take the template of this model: its file or name.", valueName: "path|name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Take the template in this file, or one of \(TemplateLocator.names).", valueName: "name|file"))
    var template: String?

    @Option(
        help: ArgumentHelp(
            "Take the tokenizer, and where the model has no template that too, of this tokenizer.json, directory or "
                + "GGUF file.", valueName: "path"))
    var tokenizer: String?

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Define the JSON's members and nothing else, as for any Jinja template.")
    var rawContext = false

    @OptionGroup var notes: NoteFlags

    func validate() throws {
        if model != nil, template != nil { throw ValidationError("--model and --template exclude each other") }
        if tokenizer != nil, template != nil {
            throw ValidationError("--tokenizer belongs to the model's template, and --template brings another")
        }
        if template == "-" { throw ValidationError("--template needs a file: standard input holds the JSON") }
    }

    func run() throws {
        let composition = try Composition(model: model, config: config, notes: notes)
        let variables = try Self.variables(try TextInput.standardInput())
        let template =
            try self.template.map { try Self.template(named: $0) }
            ?? Self.template(of: composition, tokenizer: tokenizer)
        let text = try Self.reportingErrors {
            rawContext ? try template.render(context: variables) : try template.render(conversation: variables)
        }
        try Output.standardOutput.write(text)
    }

    private static func variables(_ bytes: [UInt8]) throws -> [(name: String, value: JSONValue)] {
        _ = try TextInput.text(bytes, from: "standard input")
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw LaunchError(
                .input, "can't read the template's variables", why: "standard input is not valid JSON: \(error).")
        }
        guard case .object(let variables) = json else {
            throw LaunchError(
                .input, "standard input holds no JSON object", why: "it names the template's variables",
                advice: #"echo '{"messages": [{"role": "user", "content": "Hi"}]}' | hiss template"#)
        }
        return variables
    }

    private static func template(named reference: String) throws -> JinjaTemplate {
        let source = try TemplateLocator.source(reference)
        return try reportingErrors { try JinjaTemplate(source: source) }
    }

    private static func template(of composition: Composition, tokenizer place: String?) throws -> JinjaTemplate {
        let path = try composition.locateModel().path
        let (file, tokenizer) = try ModelPlan.reportingErrors {
            let file = try WeightFile.open(path)
            return (file, try TokenizerLoader.load(from: file, chosen: place))
        }
        guard
            let template = try reportingErrors({ try TemplateLoader.load(from: file, tokenizer: tokenizer, at: place) })
        else {
            throw LaunchError(
                .model, "no chat template in '\(path)'", why: "the file has no tokenizer.chat_template",
                advice: "hiss template --template plain, the form that base models get")
        }
        return template
    }

    /// Gives what a template, or the input that it works on, gets wrong the status of bad input.
    private static func reportingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as TokenizationError {
            throw LaunchError(.input, "can't render the template", why: error.message)
        }
    }
}
