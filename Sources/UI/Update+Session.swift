import Chat
import Screen

extension AppModel {
    /// Does a command that asks something of the session; nil leaves its line where it is, and a notice says why.
    mutating func ask(_ name: Command.Name, _ argument: String) -> [Effect]? {
        guard case .ready(let summary) = engine else {
            notice = ["/\(name.rawValue) needs a loaded model."]
            return nil
        }
        do {
            if let request = try AnswerRequest(name, argument: argument) { return answer(request, summary) }
            return try SessionRequest(name, argument: argument).map { request($0) }
        } catch {
            notice = [(error as? ChatFailure)?.what ?? "\(error)"]
            return nil
        }
    }

    /// Asks something of the session, and shows that it is under way.
    mutating func request(_ request: SessionRequest) -> [Effect] {
        switch request {
        case .timeline where overlay?.name != .timeline: return open(.timeline)
        case .sessions(let words) where overlay?.name != .sessions: return show(SessionsOverlay(words ?? ""))
        case .mind where pair?.hidesModels == true:
            notice = rows(of: "What a model reads would tell which one it is: it is hidden until the vote.")
            return []
        case .mind(.look(let query)) where overlay?.name != .mind: return show(MindOverlay(query))
        case .timeline, .sessions, .mind, .bookmark, .removeBookmark, .nameBranch, .export, .rename, .removeBranch,
            .removeSession:
            break
        case .difference, .save, .savePersona, .state: break
        case .measureSpeed: activity = .measuring
        case .go, .fork, .branch, .merge, .step, .system, .load, .loadPersona, .importFile: activity = .moving
        }
        return [.session(request)]
    }

    /// Shows where the next answer comes, and asks for it.
    mutating func answer(_ request: AnswerRequest, _ summary: ModelSummary) -> [Effect]? {
        switch request {
        case .again, .continuation:
            guard turn > 0 else {
                notice = ["Nothing has been answered yet."]
                return nil
            }
        case .edit(let turn, let text):
            showAside("In other words, beside turn \(turn), which stays in /time:")
            transcript.append(TranscriptEntry(kind: .user, text: text, clock: clock))
        case .aside(let question):
            asideFrom = readings.metrics.tokensSeen
            showAside("Asked on a copy of the state: the conversation doesn't remember it.")
            transcript.append(TranscriptEntry(kind: .user, text: question, clock: clock))
        case .pick(let rank):
            guard let place = tokenPlace, let token = place.alternatives.dropFirst(rank - 1).first else {
                notice = ["There is no token \(rank) to take; /step goes inside the last answer."]
                return nil
            }
            return answer(.take(token.id, back: place.count - place.index), summary)
        case .take: tokenPlace = nil
        }
        switch request {
        case .again: showAside("Answered again; the answer before stays in /time, and isn't remembered here:")
        case .take: showAside("Another way on; the answer before stays in /time, and isn't remembered here:")
        default: break
        }
        transcript.removeWelcome()
        expectAnswer(of: summary)
        return [.answer(request)]
    }

    /// Says what comes next in the chat, where it isn't what the conversation goes on with.
    private mutating func showAside(_ text: String) {
        transcript.append(TranscriptEntry(kind: .note, text: text, clock: clock))
    }

    /// Takes in what came of a request.
    mutating func receive(_ result: Result<SessionReply, ChatFailure>) -> [Effect] {
        if [.moving, .resetting, .loading, .measuring].contains(activity) { activity = .idle }
        switch result {
        case .failure(let failure):
            // What has rows of its own stands below what happened.
            let why = failure.why.map { ($0.contains { $0.isNewline } ? "\n" : ": ") + $0 } ?? ""
            let lines = [failure.what + why, failure.advice.map { "try: \($0)" }]
            notice = rows(of: lines.compactMap { $0 }.joined(separator: "\n"))
            failLooking()
        case .success(.place(let place)):
            show(place)
            // What lists the turns shows where the session stands.
            return overlay?.name == .timeline ? [.session(.timeline)] : []
        case .success(.timeline(let rows)):
            timeline = rows
            if overlay == nil { return listCompletions() }
        case .success(.state(let reading)): showNote(reading.report)
        case .success(.speed(let reading)): showNote(reading.report)
        case .success(.sessions(let sessions, let found)):
            (self.sessions, self.found) = (sessions, found)
            if overlay == nil { return listCompletions() }
        case .success(.difference(let difference)):
            self.difference = difference
            if overlay?.name != .timeline { showNote(difference.report) }
        case .success(.tokens(let place)):
            tokenPlace = place
            if overlay?.name != .tokens { return show(TokensOverlay()) }
        case .success(.insight(let insight)): return show(insight)
        case .success(.nothing): break
        case .success(.done(let text)):
            notice = rows(of: text)
            switch overlay?.name {
            case .timeline: return [.session(.timeline)]
            case .sessions: return [.session(.sessions(matching: nil))]
            default: break
            }
        }
        return []
    }

    /// Shows the conversation up to the turn where it stands.
    mutating func show(_ place: ChatSession.Place) {
        guard case .ready(let summary) = engine else { return }
        // Sides of a comparison are called by their letters, whether or not their names may be told.
        let side = ChatPair.Side.allCases.first { $0.pane == focus }
        let name = side?.rawValue ?? summary.name
        let said = place.messages.indices.map { index in
            let message = place.messages[index]
            var answer = TranscriptEntry.Answer()
            answer.progress = .finished(.endOfTurn)
            if let metrics = place.metrics[index] {
                (answer.tokens, answer.tokensPerSecond) = (metrics.completionTokens, metrics.tokensPerSecond)
            }
            return TranscriptEntry(
                kind: message.role == .user ? .user : .model(name, answer), text: message.text,
                clock: headerTime(place.times[index]))
        }
        transcript.replace(with: said + [TranscriptEntry(kind: .note, text: place.note, clock: clock)])
        turn = place.turn
        tokenPlace = nil
        readings.beginTurn()
        readings.metrics.tokensSeen = place.tokensSeen
        readings.metrics.stateBytes =
            place.stateBytes > 0
            ? place.stateBytes : summary.stateBytes + place.tokensSeen * summary.stateBytesPerToken
        readings.metrics.recomputedTokens = place.recomputedTokens
    }

    /// A time as headers show it: of today the clock, else with the day.
    ///
    /// - Parameter seconds: since 1970
    private func headerTime(_ seconds: Double) -> String {
        let text = timeText(seconds)
        return String(text.hasPrefix(day) ? text.suffix(5) : text.dropFirst(5))
    }

    /// The conversation is as it was before the question on a copy.
    mutating func forgetAside(_ tokensSeen: Int) {
        readings.metrics.tokensSeen = tokensSeen
        asideFrom = nil
    }

    /// Does a command as its key does; what is being written stays.
    mutating func perform(_ command: Command.Name, _ argument: String) -> [Effect] {
        notice = []
        let written = composer
        let effects = run(command, argument, written: "").filter { $0 != .remember("") }
        // What writes something for the reader to go on with has its reason.
        if command != .edit || !argument.isEmpty { composer = written }
        return effects
    }

    /// Writes the command that asks the last question in other words.
    mutating func editLast() -> [Effect] {
        guard let last = transcript.entries.last(where: { $0.kind == .user }), turn > 0 else {
            notice = ["/edit asks a question in other words, and none has been asked."]
            return []
        }
        return edit(turn: session?.turn ?? String(turn), question: last.text)
    }

    /// Writes the command that asks a turn's question in other words, for the reader to change.
    mutating func edit(turn label: String, question: String) -> [Effect] {
        edit { $0.set("/edit \(label) \(question)") }
    }
}
