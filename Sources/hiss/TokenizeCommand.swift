import ArgumentParser
import Inference
import JSON
import Launch
import Tokenization

/// Text to token ids, and back.
struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Turn the text on standard input into token ids, or ids into text.",
        discussion: "Bytes are taken as they are: a line end is part of the text.")

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The model's file or name, its directory, or a tokenizer.json.", valueName: "path|name"))
    var model: String?

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Add the tokens that the model wants around a text.")
    var addSpecial = false

    @Flag(help: "Take the names of special tokens in the text as text.")
    var specialAsText = false

    @Flag(help: "Read a JSON array of ids, and print their text.")
    var decode = false

    @Flag(help: "With --decode: leave special tokens out.")
    var skipSpecial = false

    @OptionGroup var notes: NoteFlags

    func validate() throws {
        if decode, addSpecial || specialAsText {
            throw ValidationError("--add-special and --special-as-text are for text, not for --decode")
        }
        if skipSpecial, !decode {
            throw ValidationError("--skip-special is for --decode")
        }
    }

    func run() throws {
        let composition = try Composition(model: model, config: config, notes: notes)
        let input = try TextInput.standardInput()
        let text = decode ? nil : try TextInput.text(input, from: "standard input")
        let path = try composition.locateModel().path
        let tokenizer = try ModelPlan.reportingErrors { try TokenizerLoader.load(at: path) }

        var json = JSONWriter()
        json.beginObject()
        if let text {
            let ids = tokenizer.encode(text, specialTokens: !specialAsText, addSpecial: addSpecial)
            json.field("ids", ids)
            json.field("token_bytes", ids.map { Self.hex(tokenizer.bytes(of: $0)) })
        } else {
            let ids = try TokenIDs.parse(input, from: "standard input")
            try TokenIDs.check(ids, vocabSize: tokenizer.vocabularySize, from: "standard input")
            json.field("text", tokenizer.decode(ids, skipSpecial: skipSpecial))
        }
        json.endObject()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }

    /// Two lower-case digits a byte.
    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
