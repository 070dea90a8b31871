import Chat
import Engine
import FoundationEssentials
import Inference
import Launch
import Weights

/// Builds what a command needs, from its options, the environment and the configuration file.
struct Composition: Sendable {
    let directories: Directories
    private(set) var settings: Settings
    private let notes: NoteFlags
    /// The model that the command line names.
    private var model: String?
    /// Where the tokenizer is to come from, if not from the model.
    private var tokenizer: String?

    init(_ options: ModelOptions, notes: NoteFlags) throws {
        try self.init(model: options.model, tokenizer: options.tokenizer, config: options.config, notes: notes)
    }

    /// Reads the configuration file.
    ///
    /// - Parameters:
    ///   - model: the model that the command line names
    ///   - tokenizer: where the command line says to take the tokenizer from
    ///   - config: the configuration file that it names
    ///   - notes: where to say what comes from where
    init(model: String?, tokenizer: String? = nil, config: String?, notes: NoteFlags) throws {
        try notes.checkLog()
        directories = .current
        settings = Settings(
            environment: ProcessInfo.processInfo.environment,
            configuration: try Configuration(path: config, directories: directories))
        self.model = model
        self.tokenizer = tokenizer
        self.notes = notes
    }

    /// The same with what a session brings, which counts for more than the configuration file.
    func bringing(_ session: SessionSettings) -> Composition {
        var composition = self
        composition.settings.session = session
        return composition
    }

    /// The same for a new conversation with another model.
    func naming(_ model: String) -> Composition {
        var composition = self
        (composition.model, composition.tokenizer, composition.settings.session) = (model, nil, nil)
        return composition
    }

    /// Returns a setting's value, and notes where it comes from.
    func value<Value>(of key: SettingKey<Value>, flag: String?, builtIn: Value) throws -> Value {
        try setting(key, flag: flag, builtIn: builtIn).value
    }

    /// Returns a setting with its origin, and notes it.
    func setting<Value>(_ key: SettingKey<Value>, flag: String?, builtIn: Value) throws -> Setting<Value> {
        let setting = try settings.value(of: key, flag: flag, builtIn: builtIn)
        notes.detail("\(key.name) = \(setting.value) (\(setting.origin))")
        return setting
    }

    /// The path of the model that was asked for, or of the one that comes with the program, the name to show for it, and
    /// what names it from anywhere.
    func locateModel() throws -> (path: String, name: String?, source: String) {
        let reference = try value(of: SettingKeys.model, flag: model, builtIn: ModelLocator.defaultName)
        let path = try ModelLocator(directories).locate(reference)
        notes.detail("model file \(path)")
        // A relative path means something else in another folder.
        let isPath = FileManager.default.fileExists(atPath: reference)
        let source = isPath && !path.hasPrefix("/") ? FileManager.default.currentDirectoryPath + "/" + path : reference
        return (path, reference == ModelLocator.defaultName ? reference : nil, source)
    }

    /// Settles which model to load and how; loading itself comes later.
    func planModel(_ compute: ComputeOptions, template: TemplateChoice? = nil) throws -> ModelPlan {
        let (path, name, source) = try locateModel()
        let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let precision = try value(of: SettingKeys.precision, flag: compute.precision, builtIn: .fast)
        let threads = try value(of: SettingKeys.threads, flag: compute.threads, builtIn: processors)
        return ModelPlan(
            path: path, source: source,
            options: LoadOptions(
                precision: precision == .exact ? .exact : .fast, threads: threads, name: name, template: template,
                tokenizer: tokenizer))
    }

    /// Settles a conversation: its model, and its system prompt if it is not to have the model's own.
    func planConversation(_ compute: ComputeOptions, _ conversation: ConversationOptions) throws -> ConversationPlan {
        let system = try settings.value(of: SettingKeys.system, flag: conversation.system)
        if let system { notes.detail("system = \(system.value) (\(system.origin))") }
        let template = try settings.value(of: SettingKeys.template, flag: conversation.template)
        if let template { notes.detail("template = \(template.value) (\(template.origin))") }
        let choice = try template.map { try TemplateLocator.choice($0.value) }
        let model = try planModel(compute, template: choice)
        // What a session has to have again, since it decides what its tokens mean and to which bit they are computed.
        var kept = [SettingKeys.precision.name: model.options.precision == .exact ? "exact" : "fast"]
        kept[SettingKeys.template.name] = template?.value
        return ConversationPlan(model: model, system: system?.value, kept: kept)
    }

    /// Settles how answers are made.
    func generation(_ sampling: SamplingFlags, _ conversation: ConversationOptions) throws -> GenerationOptions {
        var options = GenerationOptions()
        options.sampling = try sampling.options(self)
        let builtIn = options.maxKeyValueBytes >> 20
        options.maxKeyValueBytes =
            try value(of: SettingKeys.maxKeyValueMegabytes, flag: conversation.kvMaxMb, builtIn: builtIn) << 20
        options.rereadsHistory = try value(
            of: SettingKeys.rerender, flag: conversation.rerender ? "true" : nil, builtIn: false)
        options.traces = try value(of: SettingKeys.trace, flag: nil, builtIn: .off) == .on
        return options
    }
}

/// A model that is yet to be loaded.
struct ModelPlan: Sendable {
    let path: String
    /// What names it from anywhere: a name, or a whole path.
    let source: String
    var options: LoadOptions

    /// Loads the model; anything wrong with it is an error of status `.model`.
    ///
    /// - Parameter observer: who is told of the operations of its pool
    func load(observer: (any OperationObserver)? = nil) throws -> LoadedModel {
        try load(on: WorkerPool(workers: options.threads, observer: observer))
    }

    /// Loads the model to be computed on a pool, which others may have, too.
    ///
    /// - Parameter other: a model that may be of the same weights, which are packed only once then
    func load(on pool: WorkerPool, sharing other: LoadedModel? = nil) throws -> LoadedModel {
        try Self.reportingErrors { try LoadedModel(path: path, options: options, pool: pool, sharing: other) }
    }

    /// Loads the model alone: one that is run on token ids needs no tokenizer.
    func loadModel() throws -> Model {
        try Self.reportingErrors {
            try Model(
                WeightFile.open(path), precision: options.precision, pool: WorkerPool(workers: options.threads))
        }
    }

    /// Gives whatever `body` throws the status of a model that can't be used.
    static func reportingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as LaunchError {
            throw error
        } catch {
            throw LaunchError(.model, ChatFailure(error))
        }
    }
}

/// A conversation that is yet to begin.
struct ConversationPlan: Sendable {
    let model: ModelPlan
    /// The system prompt; nil is the model's own.
    let system: String?
    /// Settings that are kept with its session.
    let kept: [String: String]

    /// Loads the model and starts the conversation; anything wrong with the model is an error of status `.model`.
    func start() throws -> LocalEngine {
        let loaded = try model.load()
        return try ModelPlan.reportingErrors { try LocalEngine(loaded, systemPrompt: system) }
    }
}
