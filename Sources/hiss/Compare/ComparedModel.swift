import Chat
import Downloads
import Launch

/// Settles which models are compared.
enum ComparedModel {
    /// The attention model that the one which comes with the program learned from.
    static let baseline = "smollm2"

    /// The model that one of this name is compared with unless another is asked for.
    static func partner(of name: String) -> String {
        name.lowercased().hasPrefix(baseline) ? ModelLocator.defaultName : baseline
    }

    /// - Parameter composition: of a command that names the model
    /// - Throws: `LaunchError` that says how to get a published model which is not here
    static func plan(_ reference: String, _ composition: Composition, _ compute: ComputeOptions) throws -> ModelPlan {
        do {
            return try composition.planModel(compute)
        } catch let error as LaunchError where error.status == .model {
            guard let published = PublishedModel.all.first(where: { $0.name == reference.lowercased() }) else {
                guard reference.contains(where: \.isWhitespace) else { throw error }
                throw LaunchError(
                    .usage, "'\(reference.prefix(40))' is no model",
                    why: "the first two arguments are the models, and the third one is the prompt",
                    advice: "hiss compare \(ModelLocator.defaultName) \(baseline) PROMPT")
            }
            throw LaunchError(
                .model, "'\(reference)' is not on this machine",
                why: "\(published.about); \(published.licence), \(published.package.byteCount / 1_000_000) MB",
                advice: "hiss model pull \(published.name)")
        }
    }
}
