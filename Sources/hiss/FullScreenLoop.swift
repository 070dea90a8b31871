import Chat
import Foundation
import Inference
import Launch
import Screen
import Terminal
import UI

/// The chat on the whole screen: one stream of messages in, effects and frames out.
///
/// Keys, signals, the engine's events and the clock all come through one inbox; `update` says what to do, `render` what
/// to show. The first frame is drawn before the model is loaded, and never more than 30 a second, but for keys, which are
/// shown at once.
@MainActor
final class FullScreenLoop {
    private let frontEnd: FrontEnd
    /// What the conversation was begun from.
    private var plan: SessionPlan
    private let look: ScreenLook
    private let notes: NoteFlags
    private let history: HistoryKeeper
    /// The lines that are being written into the history.
    private var remembering: Task<Void, Never>?
    private let inbox: AsyncStream<Message>
    private let post: AsyncStream<Message>.Continuation
    private var model: AppModel
    private var session: TerminalSession?
    private var chat: ChatSession?
    private var desk: SessionDesk?
    /// Whether what is asked of the session is done already.
    private var takesRequests = false
    private let pairs: PairDesk
    /// What is asked of the session, in order.
    private let requests: AsyncStream<SessionRequest>
    private let request: AsyncStream<SessionRequest>.Continuation
    /// The answer that is being made, which is kept when it has ended.
    private var answering: Task<Void, Never>?
    /// Why the session can't go on: the program ends.
    private var refusal: LaunchError?
    /// The signal that asked the program to end.
    private var ending: Int32?
    private var frame: CellBuffer
    private var pacer = FramePacer()
    private var clock = ""
    private var usage = UsageMeter()
    /// The tick that is under way, if any, and when it is due.
    private var ticking: (task: Task<Void, Never>, due: Double)?

    /// Reads theme and history; nothing is shown yet.
    init(_ frontEnd: FrontEnd, look: ScreenLook, notes: NoteFlags, comparison: PairPlan.Start? = nil) throws {
        (self.frontEnd, self.look, self.notes, plan) = (frontEnd, look, notes, frontEnd.session)
        (inbox, post) = AsyncStream.makeStream(of: Message.self)
        pairs = PairDesk(frontEnd.pair, start: comparison) { [post] in post.yield($0) }
        (requests, request) = AsyncStream.makeStream(of: SessionRequest.self)
        let (history, problem) = try History.open(frontEnd.historyFile)
        let lines = history.entries
        self.history = HistoryKeeper(history)
        let size = Size(columns: 80, rows: 24)
        model = AppModel(size: size, theme: look.theme, glyphs: look.glyphs, history: lines)
        (model.usesColor, model.keys) = (frontEnd.usesColor, look.keys)
        model.generation = frontEnd.generation
        for (name, value, origin) in look.settings {
            model.origins[name] = origin.description
            guard SettingKeys.screen.contains(name), let expected = model.take(value, for: name) else { continue }
            post.yield(.note("Note: \(name) can't be '\(value)' (\(origin)): it has to be \(expected)."))
        }
        frame = CellBuffer(size: size)
        if let problem { post.yield(.note(problem)) }
        for note in frontEnd.session.start.notes { post.yield(.note("Note: \(note).")) }
        if frontEnd.session.start.store != nil { model.chatFolder = frontEnd.dataFolder }
        model.timeText = { WallClockText.text($0) }
        if let comparison { model.beginComparison(with: comparison.model, isBlind: comparison.isBlind) }
        tellTime()
    }

    /// Opens the screen and runs until the user leaves.
    ///
    /// - Throws: besides errors, the `ExitStatus` of the signal that ended it.
    func run() async throws {
        let session = try TerminalSession(
            color: frontEnd.usesColor,
            onInput: { [weak self] in self?.receive($0) },
            onEnd: { [weak self] in self?.end($0) })
        self.session = session
        defer { session.stop() }
        for note in session.notes { post.yield(.note(note)) }
        if !session.showsUnicode { model.glyphs = .ascii }
        if !session.showsColor { model.usesColor = false }
        receive(.resized(session.display.size))
        loadModel()
        await takeMessages(session)
        let unsaved = await keepAll()
        if let ending { throw ExitStatus(signal: ending) }
        if let refusal { throw refusal }
        if let unsaved { throw LaunchError(.output, unsaved) }
    }

    /// Takes what happens, and draws, until the program is to end.
    private func takeMessages(_ session: TerminalSession) async {
        for await message in inbox {
            let effects = update(&model, message)
            for effect in effects where !perform(effect) { return }
            for line in model.takeLog() { notes.log(line.text) }
            session.setMouse(model.usesMouse)
            session.setCursor(model.cursorShape)
            session.setFocusReports(model.options.alert != .off)
            if case .input = message { draw(isUrgent: true) } else { draw() }
        }
    }

    /// Stops the answer, and waits until all that was said is on the disk; returns what stands in the way.
    private func keepAll() async -> ChatFailure? {
        chat?.stop()
        await answering?.value
        await remembering?.value
        let unsaved = await pairs.close()
        do {
            try await chat?.saveAll()
            return unsaved
        } catch {
            return ChatFailure(error)
        }
    }

    private func receive(_ event: InputEvent) {
        tellTime()
        post.yield(.input(event))
    }

    private func end(_ signal: Int32) {
        ending = signal
        post.finish()
    }

    /// Loads the model on a thread of its own, so that keys are heard meanwhile.
    private func loadModel() {
        Task {
            do {
                let (summary, place) = try await open(plan)
                for text in summary.notes(rereadsHistory: frontEnd.generation.rereadsHistory) {
                    post.yield(.note("Note: \(text)."))
                }
                post.yield(.loaded(summary))
                pairs.start(beside: chat, of: plan)
                if let place { post.yield(.session(.success(.place(place)))) }
                await tellState()
            } catch let error as LaunchError where error.status == .session {
                refusal = error
                post.finish()
            } catch {
                post.yield(.loadFailed((error as? LaunchError)?.failure ?? ChatFailure(error)))
            }
        }
    }

    /// Loads the model of a plan and takes up its conversation.
    private func open(_ plan: SessionPlan) async throws -> (ModelSummary, ChatSession.Place?) {
        let opened = try await Task.detached { try await plan.open() }.value
        (chat, desk, self.plan) = (opened.chat, SessionDesk(opened.chat, plan), plan)
        if !takesRequests { takeRequests() }
        return (opened.chat.engine.summary, opened.place)
    }

    /// Begins a new conversation with another model; the old one stays as it is where that can't be.
    private func loadModel(_ name: String) {
        Task {
            do {
                let plan = try plan.with(model: name)
                let before = chat
                try await before?.saveAll()
                let (summary, _) = try await open(plan)
                let session = await before?.session
                post.yield(
                    .switched(
                        summary,
                        note: "A new conversation with \(summary.title)."
                            + (session.map { " The one above stays in its session '\($0.name)'." } ?? "")))
            } catch {
                post.yield(.session(.failure((error as? LaunchError)?.failure ?? ChatFailure(error))))
            }
            await tellState()
        }
    }

    // MARK: - Effects

    /// Performs an effect; returns false when the program is to end.
    private func perform(_ effect: Effect) -> Bool {
        switch effect {
        case .ask(let text): show { $0.chat.reply(to: text, options: $1) }
        case .answer(let request): show { $0.answer(request, options: $1) }
        case .stop: chat?.stop()
        case .reset(let systemPrompt): reset(systemPrompt)
        case .session(let request): self.request.yield(request)
        case .pair(let effect): pairs.perform(effect, chat: chat, of: plan, options: model.generation)
        case .remember(let line): remember(line)
        case .copy(let text): copy(text)
        case .listThemes: post.yield(.themes(look.themes.choices()))
        case .loadTheme(let name): loadTheme(name)
        case .loadModel(let name): loadModel(name)
        case .findWords(let search): find(search)
        case .save(let setting, let value): save(setting, value)
        case .editText(let text): edit(text)
        case .readFile(let path): readFile(path)
        case .report(let report): self.report(report)
        case .alert(.osc9): session?.notify("hiss: the answer is there")
        case .alert: session?.ring()
        case .dumpFrame: dumpFrame()
        case .suspend: session?.suspend()
        case .redraw: session?.redraw()
        case .quit: return false
        }
        return true
    }

    /// Passes an answer's events on.
    private func show(_ answer: (SessionDesk, GenerationOptions) -> AsyncStream<GenerationEvent>?) {
        guard let desk, let events = answer(desk, model.takeGeneration()) else { return }
        answering = Task {
            for await event in events { post.yield(.generation(event)) }
            for problem in await desk.chat.takeProblems() { post.yield(.notice(problem.description)) }
            await tellState()
        }
    }

    /// Does what is asked of the session, one after the other.
    private func takeRequests() {
        takesRequests = true
        Task {
            for await request in requests {
                guard let desk else { continue }
                do {
                    post.yield(.session(.success(try await desk.perform(request))))
                } catch {
                    post.yield(.session(.failure(ChatFailure(error))))
                }
                await tellState()
            }
        }
    }

    /// Tells the screen which session this is, and what it takes.
    private func tellState() async {
        post.yield(.sessionState(await desk?.state()))
    }

    /// Puts a line into the history, after those before it.
    private func remember(_ line: String) {
        remembering = Task { [before = remembering] in
            await before?.value
            if let problem = await history.add(line) { post.yield(.notice(problem)) }
        }
    }

    private func reset(_ systemPrompt: String?) {
        guard let chat else { return }
        Task {
            do {
                let place = try await chat.reset(systemPrompt: systemPrompt)
                post.yield(.resetDone(note: place.note))
            } catch {
                post.yield(.session(.failure(ChatFailure(error))))
            }
            await tellState()
        }
    }

    private func copy(_ text: String) {
        guard let session else { return }
        let clipboard = Clipboard(file: frontEnd.stateFolder + "/clip.txt")
        Task { post.yield(.notice(await clipboard.copy(text) { session.sendToClipboard($0) })) }
    }

    /// Gives the terminal to the user's editor; the answer goes on meanwhile, and nothing is drawn.
    private func edit(_ text: String) {
        guard let session, !session.isLent else { return }
        let editor = MessageEditor(environment: ProcessInfo.processInfo.environment)
        session.lend()
        Task {
            let result = await Task.detached { Result { try editor.edit(text) } }.value
            session.takeBack()
            switch result {
            case .success(let edited): post.yield(.edited(edited))
            case .failure(let error): post.yield(.notice(ChatFailure(error).description))
            }
        }
    }

    private func readFile(_ path: String) {
        do {
            post.yield(.file(name: path, text: try MessageFile.text(at: path)))
        } catch {
            post.yield(.notice(ChatFailure(error).description))
        }
    }

    private func find(_ search: WordSearch) {
        Task { post.yield(.words(await Task.detached { WordFinder.words(search) }.value, of: search)) }
    }

    private func report(_ report: Report) {
        let summary = chat?.engine.summary
        let path = plan.conversation.model.path
        Task {
            let text = await Task.detached {
                switch report {
                case .model: ModelReport.text(at: path)
                case .models: ModelListCommand.text(ModelLocator(.current).models(), current: path)
                case .info: InfoCommand.text(model: summary, path: path)
                case .doctor: Doctor.report().text
                }
            }.value
            post.yield(.report(text))
        }
    }

    private func loadTheme(_ name: String) {
        do {
            post.yield(.theme(try look.themes.theme(name)))
            post.yield(.notice("The theme is \(name) in this run; F9 and Enter saves one."))
        } catch {
            post.yield(.notice((error as? LaunchError)?.failure.description ?? "\(error)"))
        }
    }

    private func save(_ setting: String, _ value: String) {
        do {
            try ConfigurationEditor.set(setting, to: value, inFileAt: look.configurationFile)
            post.yield(.notice("\(setting) = \(value) is saved in \(look.configurationFile)."))
        } catch {
            post.yield(.notice((error as? LaunchError)?.failure.description ?? "\(error)"))
        }
    }

    /// Writes the last frame as text, to be shown or reported.
    private func dumpFrame() {
        let file = frontEnd.stateFolder + "/frame.txt"
        if let problem = Directories.makeFolder(of: file) {
            post.yield(.notice(problem))
            return
        }
        do {
            try Data((frame.lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file), options: .atomic)
            post.yield(.notice("The screen is written to \(file)."))
        } catch {
            post.yield(.notice("The screen can't be written: \(error.localizedDescription)"))
        }
    }

    // MARK: - Time and frames

    /// Draws if something changed and the last frame is old enough; else a tick comes when it is.
    ///
    /// - Parameter isUrgent: Whether a key waits for it, which mustn't be felt.
    private func draw(isUrgent: Bool = false) {
        let now = ProcessInfo.processInfo.systemUptime
        if isUrgent { pacer.hurry() }
        let wait = pacer.wait(at: now, framesPerSecond: model.options.framesPerSecond)
        if model.needsDraw, wait == 0, let session, !session.isLent {
            if frame.size != model.size { frame = CellBuffer(size: model.size) }
            render(&model, into: &frame)
            session.display.present(frame)
            pacer.drew(at: now)
            if let usage = usage.read(now) { post.yield(.usage(usage)) }
        }
        guard session?.isLent != true, model.needsDraw || model.wantsTicks else { return }
        expectTick(at: now + (model.needsDraw ? wait : 1 / Double(model.options.framesPerSecond)))
    }

    /// Lets a tick come at `due`, unless one comes sooner: a key doesn't wait for the next token's frame.
    private func expectTick(at due: Double) {
        if let ticking {
            guard due < ticking.due else { return }
            ticking.task.cancel()
        }
        let delay = max(0, due - ProcessInfo.processInfo.systemUptime)
        let task = Task {
            try? await Task.sleep(for: .seconds(delay))
            guard !Task.isCancelled else { return }
            ticking = nil
            tellTime()
            post.yield(.tick(ProcessInfo.processInfo.systemUptime))
        }
        ticking = (task, due)
    }

    /// Tells the wall clock's time when the minute has changed.
    private func tellTime() {
        let text = WallClockText.text(Date().timeIntervalSince1970)
        guard text != clock else { return }
        clock = text
        post.yield(.clock(text))
    }
}
