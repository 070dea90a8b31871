import FoundationEssentials
import Inference
import Launch
import Tokenization

/// Finds chat templates by what users call them: a built-in form's name, or a file.
enum TemplateLocator {
    /// The names of the built-in forms, in words.
    static var names: String { BuiltInTemplates.all.map { $0.name }.joined(separator: ", ") }

    /// Returns the template that `reference` names, which has to be one that can be understood.
    static func choice(_ reference: String) throws -> TemplateChoice {
        let choice = TemplateChoice(name: reference, source: try source(reference))
        do {
            _ = try JinjaTemplate(source: choice.source)
        } catch let error as TokenizationError {
            throw LaunchError(.usage, "can't use the template in '\(reference)'", why: error.message)
        }
        return choice
    }

    /// Returns the text of the template that `reference` names.
    static func source(_ reference: String) throws -> String {
        if let form = BuiltInTemplates.named(reference) { return form.source }
        guard reference.contains("/") || FileManager.default.fileExists(atPath: reference) else {
            throw LaunchError(
                .usage, "there is no template '\(reference)'", why: "it is no file, and the names are \(names)",
                advice: "--template chatml")
        }
        let bytes: [UInt8]
        do {
            bytes = try TextInput.file(reference)
        } catch let error as LaunchError {
            throw LaunchError(.usage, error.failure)
        }
        return try TextInput.text(bytes, from: "'\(reference)'")
    }
}
