package import Chat
import Digests
import Dispatch
package import Engine
import Synchronization
package import Tokenization
import Weights

/// How a model is to be loaded.
package struct LoadOptions: Sendable {
    package var precision: Precision = .fast
    /// What state-space layers take for Δ, B and C.
    package var selection = Selection.perToken
    package var threads: Int
    /// The name to show; nil takes the file's.
    package var name: String?
    /// The chat template to use; nil takes the file's.
    package var template: TemplateChoice?
    /// A `tokenizer.json`, a directory that has one, or a GGUF file, to take the tokenizer from; nil takes the model's.
    package var tokenizer: String?

    package init(
        precision: Precision = .fast, threads: Int, name: String? = nil, template: TemplateChoice? = nil,
        tokenizer: String? = nil
    ) {
        self.precision = precision
        self.threads = threads
        self.name = name
        self.template = template
        self.tokenizer = tokenizer
    }
}

/// A model with its tokenizer and chat template, checked against each other.
package final class LoadedModel: Sendable {
    package let model: Model
    package let tokenizer: any Tokenizer
    /// How conversations are laid out for the model.
    ///
    /// Failure is a model whose template can't be understood: it can be run on tokens, but not chatted with.
    package let form: Result<ChatForm, TokenizationError>
    package let summary: ModelSummary
    /// Which states the model can go on with.
    package let identity: ModelIdentity
    /// Seconds from opening the file to a model that is ready.
    package let loadSeconds: Double

    /// Loads the model at `path`: a file, any of its shards, or the directory of a checkpoint.
    package convenience init(path: String, options: LoadOptions) throws {
        try self.init(path: path, options: options, pool: WorkerPool(workers: options.threads))
    }

    /// Loads a model that runs on `pool`, which it may share with others.
    ///
    /// - Parameter other: a model whose weights are taken where they are of the same file and precision
    package init(path: String, options: LoadOptions, pool: WorkerPool, sharing other: LoadedModel? = nil) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let opened = try WeightFile.open(path)
        let file = try Architectures.canonical(opened)
        let family = try file.metadata.requireString("general.architecture")
        // Packing waits for memory, and building a tokenizer is no work for two.
        (model, tokenizer) = try Self.atOnce {
            try Model(
                file, precision: options.precision, selection: options.selection, pool: pool,
                sharing: other.flatMap { Self.isSame($0, opened, options.precision) ? $0.model : nil })
        } and: {
            try TokenizerLoader.load(from: file, chosen: options.tokenizer)
        }
        guard tokenizer.vocabularySize <= model.architecture.vocabSize else {
            throw EngineError(
                .badValue,
                "\(file.name) has a tokenizer of \(tokenizer.vocabularySize) tokens and a model of "
                    + "\(model.architecture.vocabSize): they don't belong together.")
        }
        do {
            form = .success(
                try TemplateLoader.form(
                    of: file, choice: options.template, tokenizer: tokenizer, at: options.tokenizer))
        } catch let error as TokenizationError {
            form = .failure(error)
        }

        let state = model.architecture.makeState()
        let title = file.metadata.string("general.name") ?? file.name
        let name = options.name ?? file.metadata.string("general.basename") ?? title
        let isTimeInvariant = options.selection == .runningMean
        summary = ModelSummary(
            name: isTimeInvariant ? name + " LTI" : name,
            title: isTimeInvariant ? title + ", time-invariant" : title, family: family,
            parameters: model.parameterCount, precision: options.precision.rawValue, threads: pool.workers,
            trainedContext: model.architecture.trainedContext, stateBytes: state.byteCount,
            stateBytesPerToken: state.bytesPerToken,
            attentionBaseline: AttentionBaselines.baseline(for: file, family: family),
            isBaseModel: (try? form.get())?.origin == .plain,
            rewritesHistory: (try? form.get())?.rewritesHistory ?? false)
        identity = ModelIdentity(
            name: summary.name,
            model: Fingerprints.state(of: opened, precision: options.precision, selection: options.selection)
                .description,
            tokenizer: Fingerprints.tokenizer(tokenizer).description)
        loadSeconds = (clock.now - start).seconds
    }

    /// Does two things at the same time; where both fail, the first one's error is thrown.
    private static func atOnce<A: Sendable, B: Sendable>(
        _ first: @Sendable () throws -> A, and second: @Sendable () throws -> B
    ) throws -> (A, B) {
        let a = Mutex<Result<A, any Error>?>(nil), b = Mutex<Result<B, any Error>?>(nil)
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            if index == 0 {
                let result = Result { try first() }
                a.withLock { $0 = result }
            } else {
                let result = Result { try second() }
                b.withLock { $0 = result }
            }
        }
        guard let a = a.withLock(\.self), let b = b.withLock(\.self) else { preconditionFailure("both have run") }
        return (try a.get(), try b.get())
    }

    /// Whether a model is of these weights, in this precision.
    private static func isSame(_ other: LoadedModel, _ file: WeightFile, _ precision: Precision) -> Bool {
        other.model.precision == precision
            && other.identity.model
                == Fingerprints.state(of: file, precision: precision, selection: other.model.selection).description
    }

    /// Whether the chat template renders earlier turns differently once a turn is added, as those do which strip an
    /// answer's thinking.
    package var rewritesHistory: Bool { summary.rewritesHistory }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
