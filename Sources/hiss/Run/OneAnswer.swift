import Chat
import Glibc
import Inference
import Launch
import UI

/// Answers one prompt on standard output.
struct OneAnswer {
    /// The prompt itself; nil or `-` reads standard input.
    var prompt: String?
    var answer: AnswerOptions
    var session: SessionOptions
    /// The name for a session that is to be made of the conversation.
    var newName: String?
    var model: ModelOptions
    var compute: ComputeOptions
    var conversation: ConversationOptions
    var sampling: SamplingFlags
    var notes: NoteFlags

    /// Reads the prompt, loads the model and writes the answer.
    ///
    /// - Throws: besides errors, the `ExitStatus` to leave with when the answer was stopped or cut short.
    func perform() async throws {
        let interrupts = Interrupts()
        // What is wrong with the command line shows before the input is read, and the input before the model is.
        let start = try await begin()
        var options = try start.composition.generation(sampling, conversation)
        options.maxTokens = answer.maxTokens == 0 ? nil : answer.maxTokens
        options.stopTexts = answer.stop
        // Nobody steps back in an answer of a program that ends with it.
        options.keepsPlaces = false
        let plan = try SessionPlan(start, compute, conversation)
        let text = try PromptText.read(prompt, example: "hiss run 'What is a tide?'")
        let opened = try await plan.open()
        let chat = opened.chat
        let summary = chat.engine.summary
        for text in summary.notes(rereadsHistory: options.rereadsHistory) { notes.note("note: \(text)") }
        if let place = opened.place { notes.note("note: \(place.note)") }

        interrupts.answer(with: { chat.stop() })
        var writer = answer.writer
        let beginning = AnswerBeginning(
            model: summary, seed: options.sampling.seed, session: opened.place?.session?.name ?? start.name,
            recomputedTokens: opened.place?.recomputedTokens ?? 0)
        try writer.begin(beginning)
        do {
            try await write(chat.reply(to: text, options: options), to: &writer, options, interrupts)
        } catch {
            try? await Self.keep(chat)
            throw error
        }
        try await Self.keep(chat)
    }

    /// Waits until the session is on the disk.
    static func keep(_ chat: ChatSession) async throws {
        await chat.flush()
        if let problem = await chat.takeProblems().first { throw LaunchError(.output, problem) }
    }

    /// Finds the session to go on with; without one nothing is opened and nothing is kept.
    private func begin() async throws -> SessionStart {
        let composition = try Composition(model, notes: notes)
        guard session.session != nil || session.continuesLast || newName != nil else {
            return SessionStart(composition)
        }
        return try await SessionStart(composition, session, keepsNothing: false, newName: newName)
    }

    /// Writes an answer as it comes.
    private func write(
        _ events: AsyncStream<GenerationEvent>, to writer: inout any AnswerWriter, _ options: GenerationOptions,
        _ interrupts: Interrupts
    ) async throws {
        for await event in events {
            switch event {
            case .prefill: break
            case .token(let token, let metrics): try writer.token(token, metrics)
            case .text(let text): try writer.text(text)
            case .finished(let reason, let metrics):
                try writer.finish(reason, metrics)
                if writer.wantsNotes { notes.note(Self.summary(reason, metrics)) }
                try leave(reason, options, interrupts)
            case .failed(let failure):
                try writer.fail(failure)
                throw LaunchError(failure.isRefusal ? .input : .failure, failure)
            }
        }
    }

    /// Throws the status that an answer which didn't simply end leaves with.
    private func leave(_ reason: FinishReason, _ options: GenerationOptions, _ interrupts: Interrupts) throws {
        if let status = interrupts.status { throw status }
        guard answer.failOnLimit else { return }
        if reason == .limit {
            throw LaunchError(
                .limit, "the answer was cut off", why: "it reached the \(answer.maxTokens) tokens of -n",
                advice: "-n \(answer.maxTokens * 2)")
        }
        if reason == .memoryLimit {
            let megabytes = options.maxKeyValueBytes >> 20
            throw LaunchError(
                .limit, "the answer was cut off", why: "keys and values reached the \(megabytes) MiB of --kv-max-mb",
                advice: "--kv-max-mb \(megabytes * 2)")
        }
    }

    private static func summary(_ reason: FinishReason, _ metrics: Metrics) -> String {
        let parts = [
            "read \(metrics.promptTokens) tokens at \(rounded(metrics.promptTokensPerSecond))/s",
            "wrote \(metrics.completionTokens) at \(rounded(metrics.tokensPerSecond))/s",
            metrics.timeToFirstToken.map { "first after \(rounded($0 * 1000)) ms" },
            "state \(ByteText.long(metrics.stateBytes))", "recomputed \(metrics.recomputedTokens)",
            words(for: reason),
        ]
        return "note: " + parts.compactMap { $0 }.joined(separator: ", ")
    }

    private static func words(for reason: FinishReason) -> String {
        switch reason {
        case .endOfTurn: "the model ended it"
        case .stopText: "ended by a --stop text"
        case .limit: "cut off by -n"
        case .memoryLimit: "cut off by --kv-max-mb"
        case .cancelled: "stopped"
        case .withdrawn: "stopped before it was read"
        }
    }

    /// One digit after the point.
    private static func rounded(_ value: Double) -> Double {
        (value * 10).rounded() / 10
    }
}
