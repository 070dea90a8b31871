import Chat
import Screen

/// Takes in what happened and returns what the program has to do.
///
/// A key costs the screen's size, whatever the conversation's length.
public func update(_ model: inout AppModel, _ message: Message) -> [Effect] {
    let effects = respond(&model, message)
    return model.inComparison(effects)
}

private func respond(_ model: inout AppModel, _ message: Message) -> [Effect] {
    switch message {
    case .tick(let now):
        model.tick(now)
        return []
    case .clock(let text):
        model.clock = String(text.suffix(5))
        model.day = String(text.prefix(10))
        return []
    default:
        model.needsDraw = true
    }
    switch message {
    case .input(.key(let key)): return model.overlay == nil ? model.press(key) : model.pressInOverlay(key)
    case .input(.paste(let text)):
        guard model.overlay == nil else {
            model.pasteInOverlay(text)
            break
        }
        let limit = model.options.pasteLimit
        return model.edit { $0.paste(text, limit: limit) }
    case .input(.resized(let size)): model.resize(size)
    case .input(.focus(let isThere)): model.isUnfocused = !isThere
    case .loaded(let summary): return model.inChat { $0.finishLoading(summary) }
    case .loadFailed(let failure):
        if model.pair != nil { model.leavePair() }
        model.inChat { $0.failLoading(failure) }
    case .generation(let event): return model.inChat { $0.receive(event) }
    case .pair(let message): return model.receive(message)
    case .resetDone(let note): model.inChat { $0.finishReset(note) }
    case .session(let result): return model.inChat { $0.receive(result) }
    case .sessionState(let state): model.inChat { $0.show(state) }
    case .note(let text):
        model.transcript.append(TranscriptEntry(kind: .note, text: text, clock: ""))
        model.log.add(text, clock: model.clock)
    case .report(let text): model.showNote(text)
    case .edited(let text): return model.edit { $0.set(text) }
    case .file(let name, let text):
        let limit = model.options.pasteLimit
        let effects = model.edit { $0.paste(text, limit: limit) }
        let size = ByteText.long(text.utf8.count)
        model.notice = model.rows(of: "\(name) is in the message: \(size). Enter sends, ^_ takes it out.")
        return effects
    case .themes(let choices):
        model.themes = choices
        return model.listCompletions()
    case .words(let words, let search): return model.take(words, of: search)
    case .switched(let summary, let note): model.begin(with: summary, note: note)
    case .theme(let theme): model.theme = theme
    case .usage(let usage): model.readings.process = usage
    case .notice(let text): model.notice = model.rows(of: text)
    case .tick, .clock: break
    }
    return []
}

extension AppModel {
    /// Seconds that "again to quit" stands.
    private static let quitSeconds = 2.0

    /// Seconds after which the keys after ^X are listed.
    private static let prefixSeconds = 0.4

    fileprivate mutating func tick(_ now: Double) {
        switch pending {
        case .nothing, .prefixListed, .timeline: return
        case .quit(until: nil): pending = .quit(until: now + Self.quitSeconds)
        case .prefix(due: nil): pending = .prefix(due: now + Self.prefixSeconds)
        case .quit(let end?):
            guard now >= end else { return }
            pending = .nothing
            needsDraw = true
        case .prefix(let due?):
            guard now >= due else { return }
            pending = .prefixListed
            needsDraw = true
        }
    }

    /// A notice in rows that fit the screen.
    func rows(of text: String) -> [String] {
        let wrapped = WrappedText(text, width: max(1, size.columns - 2))
        return wrapped.lines.indices.map { wrapped.text(ofLine: $0).trimmingBlanks }
    }

    mutating func show(_ state: SessionState?) {
        session = state
        readings.snapshots = state?.snapshots
        readings.timeline = state?.recent ?? []
        readings.saved = state.flatMap { state in savedTime.map { "\(state.name), saved \($0)" } }
    }

    /// When the session's last turn was kept: `21:04`.
    var savedTime: String? {
        session?.saved.map { String(timeText($0).suffix(5)) }
    }

    fileprivate mutating func resize(_ size: Size) {
        self.size = size
        layOutChat()
        composer.width = ScreenLayout.composerWidth(columns: size.columns)
    }

    fileprivate mutating func finishLoading(_ summary: ModelSummary) -> [Effect] {
        engine = .ready(summary)
        readings.summary = summary
        if turn == 0 && !transcript.entries.contains(where: { $0.kind != .note }) {
            transcript.setWelcome(welcome(summary))
        }
        guard sendsWhenLoaded else { return [] }
        sendsWhenLoaded = false
        return send()
    }

    fileprivate mutating func failLoading(_ failure: ChatFailure) {
        engine = .failed(failure)
        sendsWhenLoaded = false
        fail("hiss: \(failure)")
        transcript.follow()
    }

    /// Takes in what the engine says; returns what tells a reader who looks elsewhere that a long answer has ended.
    mutating func receive(_ event: GenerationEvent) -> [Effect] {
        switch event {
        case .prefill(let done, let total):
            if activity != .stopping { activity = .reading(done: done, total: total) }
            transcript.updateAnswer { $0.progress = .reading(done: done, total: total) }
        case .token(let token, let metrics):
            if activity != .stopping { activity = .answering }
            transcript.appendToAnswer(token.text, token.comparison)
            readings.lastToken = token
            measure(metrics)
            transcript.updateAnswer { $0.progress = .generating }
        case .text(let text):
            transcript.appendToAnswer(text)
        case .finished(let reason, let metrics):
            activity = .idle
            measure(metrics)
            if let before = asideFrom { forgetAside(before) }
            transcript.updateAnswer { $0.progress = .finished(reason) }
        case .failed(let failure):
            activity = .idle
            if let before = asideFrom { forgetAside(before) }
            transcript.updateAnswer { $0.progress = .failed }
            fail("hiss: \(failure)")
        }
        let seconds = readings.metrics.prefillSeconds + readings.metrics.decodeSeconds
        guard activity == .idle, isUnfocused, options.alert != .off, seconds >= Self.longAnswerSeconds else {
            return []
        }
        return [.alert(options.alert)]
    }

    /// An answer that takes so long is worth a notification.
    private static let longAnswerSeconds = 5.0

    /// Shows what went wrong.
    mutating func fail(_ text: String) {
        transcript.append(TranscriptEntry(kind: .failure, text: text, clock: ""))
        log.add(text, clock: clock)
    }

    private mutating func measure(_ metrics: Metrics) {
        readings.metrics = metrics
        readings.rate.record(metrics)
        transcript.updateAnswer {
            $0.tokens = metrics.completionTokens
            $0.tokensPerSecond = metrics.tokensPerSecond
        }
    }

    /// Begins anew with another model.
    fileprivate mutating func begin(with summary: ModelSummary, note: String) {
        engine = .ready(summary)
        readings.summary = summary
        finishReset(note)
    }

    fileprivate mutating func finishReset(_ note: String) {
        activity = .idle
        turn = 0
        let summary = readings.summary
        let process = readings.process
        readings = GaugeReadings(summary: summary)
        readings.sampling = generation.sampling
        readings.process = process
        show(session)
        transcript.removeWelcome()
        transcript.append(TranscriptEntry(kind: .note, text: note, clock: ""))
        transcript.follow()
    }

    /// What an empty chat says: what there is, and three steps that show what another memory is good for.
    private func welcome(_ summary: ModelSummary) -> String {
        let threads = summary.threads == 1 ? "1 thread" : "\(summary.threads) threads"
        let growth =
            summary.stateBytesPerToken == 0 ? "" : " that grows by \(ByteText.long(summary.stateBytesPerToken)) a token"
        let kept = chatFolder.map { " Chats are kept in \($0)." } ?? ""
        return """
            \(summary.name), \(ByteText.long(summary.stateBytes)) state\(growth), \(threads). \
            Enter sends, Esc stops, F1 helps.\(kept)

            Try:
              Remember: my hotel is the Sakura, room 412.
              Which room did I say?
              /undo 2, then tell it another room. F5 lists both, /diff compares them.
            """
    }
}
