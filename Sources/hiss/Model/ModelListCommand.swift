import ArgumentParser
import JSON
import Launch
import Screen
import UI

/// The models that can be named.
struct ModelListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models in the model directories.")

    @Flag(help: "One JSON array.")
    var json = false

    func run() throws {
        let locator = ModelLocator(.current)
        let models = locator.models()
        if json {
            var json = JSONWriter()
            json.beginArray()
            for model in models {
                json.beginObject()
                json.field("name", model.name)
                json.field("path", model.path)
                json.field("bytes", model.byteCount)
                json.endObject()
            }
            json.endArray()
            json.newline()
            return try Output.standardOutput.write(json.drain())
        }
        guard !models.isEmpty else {
            throw LaunchError(
                .model, "no model is there",
                why: (["searched:"] + locator.searched.map { "  " + $0 }).joined(separator: "\n"),
                advice: "mkdir -p \(locator.searched[0]) && cp FILE.gguf \(locator.searched[0])")
        }
        try Output.standardOutput.write(Self.text(models))
    }

    /// A model a line; the one at `current` has a mark.
    static func text(_ models: [ModelLocator.Listed], current: String? = nil) -> String {
        let width = models.map { $0.name.count }.max() ?? 0
        return models.map { model in
            let mark = current.map { $0 == model.path ? "* " : "  " } ?? ""
            let name = model.name + String(repeating: " ", count: width - model.name.count)
            let size = ByteText.long(model.byteCount)
            let blanks = String(repeating: " ", count: max(0, 9 - size.count))
            return InertText.plain("\(mark)\(name)  \(blanks)\(size)  \(model.path)") + "\n"
        }.joined()
    }
}
