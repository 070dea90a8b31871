import ArgumentParser
import Inference
import Launch

/// What a command needs that loads the model of a state.
struct StateModelOptions: ParsableArguments {
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Model") var conversation: ConversationOptions
    @OptionGroup(title: "Notes") var notes: NoteFlags

    /// What the command needs, with the model that an exported session names.
    func composition(for place: StatePlace) throws -> Composition {
        let composition = try Composition(model, notes: notes)
        guard !place.file.modelSource.isEmpty else { return composition }
        return composition.bringing(
            SessionSettings(
                name: place.file.sessionName, values: [SettingKeys.model.name: place.file.modelSource]))
    }

    /// Loads the model that is asked for, or that the file names.
    func engine(for place: StatePlace) throws -> LocalEngine {
        try composition(for: place).planConversation(compute, conversation).start()
    }
}
