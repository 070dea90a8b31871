import Chat
import Glibc
import Inference
import Launch
import Screen
import Terminal
import UI

/// The chat line by line: libedit on a terminal, plain lines elsewhere and for screen readers.
@MainActor
final class LineLoop {
    private(set) var chat: ChatSession
    var engine: any ChatEngine { chat.engine }
    private var desk: SessionDesk
    /// What the conversation was begun from.
    private var plan: SessionPlan
    /// Where the session goes on, if it does.
    private let place: ChatSession.Place?
    /// What else the reader should know at the start.
    private let startNotes: [String]
    /// The place inside an answer that was shown last, for /pick.
    private var tokenPlace: TokenPlace?
    var generation: GenerationOptions
    /// What shaped answers when the run began.
    let firstGeneration: GenerationOptions
    /// Texts of files that come before the next message.
    var attached: [String] = []
    /// What was said so far, for /find and /copy.
    var spoken: [ChatMessage] = []
    let clipboardFile: String
    /// What was said beside the chat, oldest first.
    private var said: [String] = []
    private static let maximumSaid = 500
    private var modelPath: String { plan.conversation.model.path }
    let input: LineSource
    private let notes: NoteFlags
    let output = Output.standardOutput
    private var readings: GaugeReadings
    private var endsLine = true
    /// The signal that asked the program to end.
    private var ending: Int32?

    /// Opens the input, loads the model and goes on with the session if there is one.
    static func open(_ frontEnd: FrontEnd, notes: NoteFlags) async throws -> LineLoop {
        let input = try LineSource(frontEnd)
        if let banner = input.banner { try Output.standardOutput.write(banner + "\n") }
        return LineLoop(frontEnd, try await frontEnd.session.open(), input: input, notes: notes)
    }

    private init(_ frontEnd: FrontEnd, _ opened: SessionPlan.Opened, input: LineSource, notes: NoteFlags) {
        self.notes = notes
        self.input = input
        generation = frontEnd.generation
        firstGeneration = generation
        clipboardFile = frontEnd.stateFolder + "/clip.txt"
        plan = frontEnd.session
        (chat, place) = (opened.chat, opened.place)
        desk = SessionDesk(opened.chat, frontEnd.session)
        startNotes = frontEnd.session.start.notes
        readings = GaugeReadings(summary: opened.chat.engine.summary)
    }

    /// Runs until the user leaves.
    ///
    /// - Throws: besides errors, the `ExitStatus` of the signal that ended it.
    func run() async throws {
        readings.metrics.stateBytes = engine.summary.stateBytes
        let state = StateGauge().text(readings).map { ", \($0)" } ?? ""
        let name = engine.summary.name + (engine.summary.isBaseModel ? ", base model" : "")
        note("\(name)\(state). Enter sends, Ctrl-C stops an answer, Ctrl-D leaves, /help helps.")
        for text in engine.summary.notes(rereadsHistory: generation.rereadsHistory) { note(text) }
        for problem in input.notes + startNotes { note(problem) }
        if let place { try show(place, withMessages: true) }
        // Watched all the time: a ^C between two reads would end the program otherwise.
        let watcher = SignalWatcher([SIGINT, SIGTERM, SIGHUP]) { [weak self] in self?.receive($0) }
        defer { watcher.cancel() }
        do {
            try await takeLines()
        } catch {
            try? await chat.saveAll()
            throw error
        }
        do {
            try await chat.saveAll()
        } catch {
            throw LaunchError(.output, ChatFailure(error))
        }
    }

    private func takeLines() async throws {
        while true {
            if let ending { throw ExitStatus(signal: ending) }
            // What is completed has to be known when Tab is pressed, which can't wait.
            if input.isEditing {
                input.completion.turns = await chat.timelineRows()
                input.completion.sessions = (try? await plan.start.store?.sessions(matching: nil)) ?? []
            }
            switch try input.next() {
            case .line(let line):
                guard try await submit(line) else { return }
            case .interrupted: continue
            case .end:
                if input.isEditing { try output.write("\n") }
                return
            case .terminated(let signal): throw ExitStatus(signal: signal)
            }
        }
    }

    /// Performs what was entered; returns false when it was the command to leave.
    private func submit(_ line: String) async throws -> Bool {
        guard line.contains(where: { !$0.isWhitespace }) else { return true }
        switch SubmittedLine(line) {
        case .message(let text): try await send(text)
        case .command(let name, let argument) where Command.refusal(of: name, argument: argument) != nil:
            note(Command.refusal(of: name, argument: argument) ?? "")
        case .command(.help, let words), .command(.keys, let words): try output.write(Self.help(words))
        case .command(.find, let words): try find(words)
        case .command(.copy, let argument): await copy(argument)
        case .command(let name, _) where Self.screenCommands.contains(name):
            note("/\(name.rawValue) is for the whole screen; start hiss without repl and --plain")
        case .command(.stop, _): note("there is no answer to stop; Ctrl-C stops one")
        case .command(.stats, _): try output.write(Gauges.report(readings) + "\n")
        case .command(.set, let argument): set(argument)
        case .command(.seed, let argument): set("seed " + argument)
        case .command(.resetSettings, _): resetSettings()
        case .command(.file, let path): attach(path)
        case .command(.editFile, let text): try await edit(text)
        case .command(.prefill, let text):
            let text = String(text.reversed().drop(while: \.isWhitespace).reversed())
            generation.opening = text
            note(text.isEmpty ? "the next answer begins as the model will" : "the next answer begins with: \(text)")
        case .command(.model, let name): try await model(name)
        case .command(.models, _):
            let models = ModelListCommand.text(ModelLocator(.current).models(), current: modelPath)
            try output.write(models.isEmpty ? "no model can be named\n" : models)
        case .command(.info, _):
            try output.write(InfoCommand.text(model: engine.summary, path: modelPath) + "\n")
        case .command(.doctor, _): try output.write(Doctor.report().text + "\n")
        case .command(.log, _): try output.write(InertText.plain(said.joined(separator: "\n")) + "\n")
        case .command(.time, _): try output.write(InertText.plain(await chat.listing()) + "\n")
        case .command(.quit, _): return false
        case .command(.reset, let prompt):
            do {
                let place = try await chat.reset(systemPrompt: prompt.isEmpty ? nil : prompt)
                readings = GaugeReadings(summary: engine.summary)
                note(place.note)
            } catch {
                note(ChatFailure(error).description)
            }
        case .command(let name, let argument): try await ask(name, argument)
        case .unknown(let word, let nearest):
            note(
                "there is no /\(word); "
                    + (nearest.map { "did you mean /\($0.rawValue)?" } ?? "/help lists what there is"))
        }
        return true
    }

    /// Asks the model, with the files that were given for this message.
    func send(_ text: String) async throws {
        let message = (attached + [text]).joined(separator: "\n\n")
        attached = []
        spoken.append(ChatMessage(role: .user, text: message))
        try await show(chat.reply(to: message, options: takeGeneration()))
    }

    /// What shapes the answer that begins now; what is for one answer goes with it.
    private func takeGeneration() -> GenerationOptions {
        defer { generation.opening = "" }
        return generation
    }

    /// `/model`: says what the model is, or begins a new conversation with another.
    private func model(_ name: String) async throws {
        let name = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !name.isEmpty else { return try output.write(InertText.plain(ModelReport.text(at: modelPath))) }
        do {
            let plan = try plan.with(model: name)
            try await chat.saveAll()
            let opened = try await Task.detached { try await plan.open() }.value
            (chat, desk, self.plan) = (opened.chat, SessionDesk(opened.chat, plan), plan)
            (readings, tokenPlace, spoken) = (GaugeReadings(summary: engine.summary), nil, [])
            note("a new conversation with \(engine.summary.title)")
        } catch {
            note(((error as? LaunchError)?.failure ?? ChatFailure(error)).description)
        }
    }

    /// Asks something of the session, and shows what came of it.
    private func ask(_ name: Command.Name, _ argument: String) async throws {
        do {
            if let request = try AnswerRequest(name, argument: argument) {
                try await answer(request)
            } else if let request = try SessionRequest(name, argument: argument) {
                try show(try await desk.perform(request), withMessages: Self.isElsewhere(request))
            }
        } catch let failure as ChatFailure {
            note(failure.description)
        }
    }

    /// Makes another answer than one to a new question.
    private func answer(_ request: AnswerRequest) async throws {
        var request = request
        if case .pick(let rank) = request {
            guard let place = tokenPlace, let token = place.alternatives.dropFirst(rank - 1).first else {
                return note("there is no token \(rank) to take; /step shows those there are")
            }
            request = .take(token.id, back: place.count - place.index)
        }
        guard let events = desk.answer(request, options: takeGeneration()) else { return }
        let seen = readings.metrics.tokensSeen
        try await show(events)
        guard case .aside = request else { return }
        readings.metrics.tokensSeen = seen
        note("that was asked on a copy of the state: the conversation doesn't remember it")
    }

    /// Whether a request goes to a conversation that isn't on the screen.
    private static func isElsewhere(_ request: SessionRequest) -> Bool {
        switch request {
        case .load, .loadPersona, .importFile: true
        default: false
        }
    }

    private func show(_ reply: SessionReply, withMessages: Bool) throws {
        switch reply {
        case .place(let place): try show(place, withMessages: withMessages)
        case .timeline, .nothing: break
        case .sessions(let sessions, let found): try output.write(SessionListing.text(sessions, found: found))
        case .difference(let difference): try output.write(InertText.plain(difference.report) + "\n")
        case .tokens(let place):
            tokenPlace = place
            try output.write(InertText.plain(place.report) + "\n")
        case .state(let reading): try output.write(InertText.plain(reading.report) + "\n")
        case .speed(let reading): try output.write(reading.report + "\n")
        case .insight(let insight): try output.write(InertText.plain(insight.report) + "\n")
        case .done(let text): note(text)
        }
    }

    /// Says where the conversation stands, after what was said on the way there if that isn't on the screen.
    private func show(_ place: ChatSession.Place, withMessages: Bool) throws {
        spoken = place.messages
        if withMessages {
            for message in place.messages {
                let name = message.role == .user ? "you" : engine.summary.name
                try output.write(InertText.plain("\(name): \(message.text)") + "\n")
            }
        }
        tokenPlace = nil
        readings.beginTurn()
        readings.metrics.tokensSeen = place.tokensSeen
        readings.metrics.recomputedTokens = place.recomputedTokens
        note(place.note)
    }

    /// Streams one answer; ^C stops it and not the program.
    private func show(_ events: AsyncStream<GenerationEvent>) async throws {
        readings.beginTurn()
        var answer = ""
        var isNamed = input.isEditing
        /// Says whose answer it is, once there is one.
        func name() throws {
            guard !isNamed else { return }
            isNamed = true
            try output.write("\(engine.summary.name): ")
        }
        defer { spoken.append(ChatMessage(role: .assistant, text: answer)) }
        for await event in events {
            switch event {
            case .prefill: break
            case .token(let token, let metrics):
                record(metrics)
                answer += token.text
                try name()
                try write(token.text)
            case .text(let text):
                answer += text
                try name()
                try write(text)
            case .finished(let reason, let metrics):
                record(metrics)
                try name()
                if !endsLine || metrics.completionTokens == 0 { try write("\n") }
                explain(reason)
            case .failed(let failure):
                if !endsLine { try write("\n") }
                note(failure.description)
            }
        }
        for problem in await chat.takeProblems() { note(problem.description) }
    }

    /// ^C stops what the engine does; the other signals end the program as well.
    private func receive(_ signal: Int32) {
        if signal != SIGINT { ending = signal }
        engine.stop()
    }

    private func record(_ metrics: Metrics) {
        readings.metrics = metrics
        readings.rate.record(metrics)
    }

    private func write(_ text: String) throws {
        guard let last = text.last else { return }
        try output.write(InertText.plain(text))
        endsLine = last == "\n"
    }

    /// Says why an answer ended, where that isn't plain.
    private func explain(_ reason: FinishReason) {
        switch reason {
        case .endOfTurn, .stopText: return
        case .limit: note("cut off at \(readings.metrics.completionTokens) tokens")
        case .memoryLimit:
            note(
                "cut off: keys and values take \(ByteText.long(generation.maxKeyValueBytes)), the most that --kv-max-mb allows"
            )
        case .cancelled: note("stopped; what was said stays in the conversation")
        case .withdrawn: note("stopped before your message was read; it was taken back")
        }
    }

    func note(_ text: String) {
        said = said.suffix(Self.maximumSaid - 1) + [text]
        notes.note("note: \(text)")
    }
}

extension ExitStatus {
    /// The status of a program that a signal ended.
    init(signal: Int32) {
        self = ExitStatus(rawValue: 128 + signal) ?? .failure
    }
}
