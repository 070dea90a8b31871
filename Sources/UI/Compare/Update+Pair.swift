import Chat
import Screen

extension AppModel {
    // MARK: - What happens

    /// Begins with a comparison, whose models are being loaded.
    ///
    /// - Parameter name: the model B as it was asked for; nil is the usual one
    public mutating func beginComparison(with name: String?, isBlind: Bool = false) {
        openPair(asking: name, isBlind: isBlind)
    }

    /// Shows that two models are being loaded.
    mutating func openPair(asking name: String?, isBlind: Bool = false) {
        var new = PairModel()
        (new.asked, new.isBlind) = (name, isBlind)
        pair = new
        let transcript = Transcript(columns: size.columns, glyphs: glyphs)
        panes = [panes[0]] + ChatPair.Side.allCases.map { _ in Pane(transcript: transcript) }
        focus = ChatPair.Side.a.pane
        for side in ChatPair.Side.allCases {
            panes[side.pane].transcript.showsTimes = options.showsTimes
            panes[side.pane].transcript.wrapsCode = panes[0].transcript.wrapsCode
        }
        layOutChat()
    }

    /// Takes in what happened to the comparison.
    mutating func receive(_ message: PairMessage) -> [Effect] {
        guard pair != nil else { return [] }
        switch message {
        case .began(let opening): return beginPair(opening)
        case .failed(let failure):
            leavePair()
            fail("hiss: \(failure)")
            transcript.follow()
        case .refused(let failure):
            for side in ChatPair.Side.allCases { panes[side.pane].activity = .idle }
            notice = rows(of: failure.description)
        case .event(let event):
            pair?.record(event)
            let effects = on(event.side) { $0.receive(event.event) }
            // The answer is there when both are.
            return isBusy ? [] : effects
        case .joined(let side, let place):
            for side in ChatPair.Side.allCases { panes[side.pane].activity = .idle }
            pair?.changeMode(.lockstep)
            pair?.remembersDifferently = false
            on(side) { $0.show(place) }
            pair?.depths[side] = DepthReadings()
            pair?.depths[side]?.record(panes[side.pane].readings.metrics)
            notice = rows(
                of:
                    "\(side.rawValue) has read \(side.other.rawValue)'s text, \(place.recomputedTokens) tokens; what it said "
                    + "itself stays in its session. Both are fed \(side.other.rawValue)'s tokens from here on.")
        case .session(let side, let state): on(side) { $0.show(state) }
        case .mind(let side, let result, let beside):
            if side == focusedSide { mindBeside = beside }
            return on(side) { $0.receive(result) }
        case .voted(let choice):
            let wasHidden = pair?.hidesModels == true
            pair?.vote = choice
            pair?.isRevealed = true
            showNames()
            notice = rows(
                of: "Kept: \(Self.words(choice)). hiss votes has all of them." + (wasHidden ? revelation : ""))
        }
        return []
    }

    private mutating func beginPair(_ opening: PairOpening) -> [Effect] {
        pair?.beginAnew()
        pair?.models = opening.models
        pair?.sharesTokens = opening.sharesTokens
        pair?.mode = opening.mode
        pair?.isBlind = opening.isBlind
        pair?.leader = .a
        for side in ChatPair.Side.allCases {
            guard let summary = opening.models[side] else { continue }
            on(side) { model in
                model.engine = .ready(summary)
                model.activity = .idle
                model.turn = 0
                model.readings = GaugeReadings(summary: summary)
                model.readings.sampling = model.generation.sampling
                if let place = opening.places[side] { model.show(place) } else { model.transcript.replace(with: []) }
            }
            if opening.places[side] != nil {
                pair?.depths[side, default: DepthReadings()].record(panes[side.pane].readings.metrics)
            }
        }
        let said = ChatPair.Side.allCases.map { opening.places[$0]?.messages.map(\.text) ?? [] }
        pair?.remembersDifferently = said[0] != said[1]
        var effects: [Effect] = []
        if opening.mode == .lockstep, said[0] != said[1] {
            pair?.mode = .free
            notice = rows(
                of:
                    "The two remember different answers, so that each says its own; /lockstep on lets B read A's text first, /reset begins anew."
            )
            effects = [.pair(.setMode(.free))]
        }
        showNames()
        layOutChat()
        guard sendsWhenLoaded else { return effects }
        sendsWhenLoaded = false
        return effects + send()
    }

    /// Goes back to the chat.
    mutating func leavePair() {
        overlay?.cancel(in: &self)
        (overlay, pair, focus) = (nil, nil, 0)
        panes = [panes[0]]
        layOutChat()
    }

    /// Does something for the conversation of one side.
    mutating func on<Result>(_ side: ChatPair.Side, _ body: (inout AppModel) -> Result) -> Result {
        onPane(side.pane, body)
    }

    /// Does something for the chat, whether or not it is in sight.
    mutating func inChat<Result>(_ body: (inout AppModel) -> Result) -> Result {
        onPane(0, body)
    }

    private mutating func onPane<Result>(_ index: Int, _ body: (inout AppModel) -> Result) -> Result {
        guard panes.indices.contains(index) else { return body(&self) }
        let before = focus
        focus = index
        defer { focus = before }
        return body(&self)
    }

    /// Lets the answers' headers say as much as may be known.
    private mutating func showNames() {
        let showsRates = pair?.hidesModels != true
        for side in ChatPair.Side.allCases { panes[side.pane].transcript.showsRates = showsRates }
    }

    /// Which model is which, where that was hidden.
    private var revelation: String {
        guard let pair else { return "" }
        let names = ChatPair.Side.allCases.map { "\($0.rawValue) is \(pair.models[$0]?.name ?? "")" }
        return " " + names.joined(separator: ", ") + "."
    }

    static func words(_ choice: Vote.Choice) -> String {
        switch choice {
        case .a: "A is better"
        case .b: "B is better"
        case .tie: "both are as good"
        case .bothBad: "both are bad"
        }
    }

    // MARK: - What is asked

    /// Asks both; the text waits where they can't be asked.
    mutating func askPair(_ message: String, written: String) -> [Effect] {
        guard let pair, pair.isReady else {
            sendsWhenLoaded = true
            return []
        }
        guard !isBusy else { return [] }
        finishLine()
        for side in ChatPair.Side.allCases {
            on(side) { model in
                guard case .ready(let summary) = model.engine else { return }
                model.transcript.append(TranscriptEntry(kind: .user, text: message, clock: model.clock))
                model.turn += 1
                model.expectAnswer(of: summary, named: side.rawValue)
            }
        }
        self.pair?.prompts.append(ComparedPrompt(text: message))
        self.pair?.vote = nil
        if pair.mode == .free { self.pair?.remembersDifferently = true }
        return [.remember(written), .pair(.ask(message))]
    }

    /// Stops both answers.
    mutating func stopPair() -> [Effect] {
        var effects: [Effect] = []
        for side in ChatPair.Side.allCases {
            switch panes[side.pane].activity {
            case .answering, .reading:
                panes[side.pane].activity = .stopping
                effects = [.pair(.stop)]
            case .idle, .stopping, .resetting, .moving, .loading, .measuring: break
            }
        }
        return effects
    }

    /// Does a command of comparisons; nil leaves its line where it is, and a notice says why.
    mutating func compare(_ name: Command.Name, _ argument: String) -> [Effect]? {
        let argument = argument.trimmingBlanks
        if name == .compare { return beginOrEnd(argument) }
        guard let pair, pair.isReady else {
            notice = ["/\(name.rawValue) is for a comparison; /compare MODEL begins one."]
            return nil
        }
        switch name {
        case .lockstep: return setLockStep(argument)
        case .blind: return setBlind(argument)
        case .vote: return vote(argument)
        case .swap:
            guard pair.mode == .lockstep else {
                notice = ["In free mode nobody leads; /lockstep on feeds both models A's tokens."]
                return nil
            }
            self.pair?.leader = pair.leader.other
            notice = ["\(pair.leader.other.rawValue) leads now: both are fed its tokens."]
            return [.pair(.swapLead)]
        default: return nil
        }
    }

    private mutating func beginOrEnd(_ argument: String) -> [Effect]? {
        if pair != nil, argument.isEmpty {
            leavePair()
            return [.pair(.close)]
        }
        guard case .ready = panes[0].engine else {
            notice = ["/compare needs a loaded model."]
            return nil
        }
        let closing: [Effect] = pair == nil ? [] : [.pair(.close)]
        openPair(asking: argument.isEmpty ? nil : argument)
        return closing + [.pair(.open(argument.isEmpty ? nil : argument))]
    }

    private mutating func setLockStep(_ argument: String) -> [Effect]? {
        guard let pair, let isOn = isOn(argument, unless: pair.mode == .lockstep, of: .lockstep) else { return nil }
        let mode: ChatPair.Mode = isOn ? .lockstep : .free
        guard mode != pair.mode else { return [] }
        if isOn, !pair.sharesTokens {
            notice = rows(
                of: "The two have different tokens, so that one can't be fed the other's; each says its own.")
            return nil
        }
        if isOn, pair.remembersDifferently {
            for side in ChatPair.Side.allCases { panes[side.pane].activity = .moving }
            let (leader, follower) = (pair.leader.rawValue, pair.leader.other.rawValue)
            notice = rows(
                of: "The two remember different answers: \(follower) reads what \(leader) has read \(glyphs.ellipsis)")
            return [.pair(.join)]
        }
        self.pair?.changeMode(mode)
        notice = [
            isOn ? "Both are fed \(pair.leader.rawValue)'s tokens from here on." : "Each says its own from here on."
        ]
        return [.pair(.setMode(mode))]
    }

    private mutating func setBlind(_ argument: String) -> [Effect]? {
        guard let pair, let isBlind = isOn(argument, unless: pair.isBlind, of: .blind) else { return nil }
        for side in ChatPair.Side.allCases { panes[side.pane].activity = .resetting }
        return [.pair(.begin(systemPrompt: nil, isBlind: isBlind))]
    }

    /// Begins another conversation with both.
    mutating func resetPair(systemPrompt: String?) -> [Effect] {
        for side in ChatPair.Side.allCases { panes[side.pane].activity = .resetting }
        return [.pair(.begin(systemPrompt: systemPrompt, isBlind: pair?.isBlind ?? false))]
    }

    /// What can be voted, by the words that say it.
    static let votes: [(word: String, choice: Vote.Choice)] = [
        ("a", .a), ("b", .b), ("tie", .tie), ("bad", .bothBad),
    ]

    private mutating func vote(_ argument: String) -> [Effect]? {
        if let reason = reasonAgainstVote {
            notice = rows(of: reason)
            return nil
        }
        if argument.isEmpty { return show(VoteOverlay()) }
        guard let choice = Self.votes.first(where: { $0.word == argument.lowercased() })?.choice else {
            notice = ["/vote takes a, b, tie or bad, not '\(glyphs.truncated(argument, to: 16))'."]
            return nil
        }
        return vote(choice)
    }

    /// Why there is nothing to vote on; nil where there is.
    var reasonAgainstVote: String? {
        guard let pair else { return "A vote is for a comparison; /compare MODEL begins one." }
        guard let last = pair.last, ChatPair.Side.allCases.allSatisfy({ last.sides[$0]?.reason != nil }) else {
            return "A vote needs two answers; there are none yet."
        }
        if pair.mode == .lockstep { return "In lock-step both say the same; /lockstep off lets each say its own." }
        if pair.vote != nil { return "You have voted on these answers." }
        return nil
    }

    mutating func vote(_ choice: Vote.Choice) -> [Effect] {
        guard let pair, let last = pair.last else { return [] }
        return [
            .pair(
                .vote(
                    PairVote(
                        question: last.text, answers: last.sides.mapValues(\.text), choice: choice,
                        isBlind: pair.hidesModels)))
        ]
    }

    /// Commands that change one conversation, which would not be the other one's any more.
    static let chatCommands: Set<Command.Name> = [
        .prefill, .state, .model, .bench,
        .regen, .continue, .edit, .ask, .undo, .redo, .goto, .time, .fork, .branch, .bookmark, .diff, .step, .pick,
        .merge, .system, .save, .load, .sessions, .rename, .export, .import, .persona,
    ]

    // MARK: - Panes

    /// Gives the keys to the other pane.
    mutating func focusOtherPane() {
        guard pair != nil else {
            notice = ["There is one pane; /compare MODEL opens another."]
            return
        }
        focus = focus == ChatPair.Side.a.pane ? ChatPair.Side.b.pane : ChatPair.Side.a.pane
    }

    /// The side that the keys are for.
    var focusedSide: ChatPair.Side { focus == ChatPair.Side.b.pane ? .b : .a }

    /// Shows the pane in focus alone, or all there is.
    mutating func toggleZoom() {
        guard pair != nil else {
            guard size.columns >= SidePanel.minimumScreenColumns else {
                notice = ["The chat has the whole width; the panel comes at \(SidePanel.minimumScreenColumns) columns."]
                return
            }
            isZoomed.toggle()
            layOutChat()
            return
        }
        pair?.isZoomed.toggle()
        layOutChat()
    }

    mutating func toggleScrollTogether() {
        guard let pair else {
            notice = ["There is one pane; /compare MODEL opens another."]
            return
        }
        self.pair?.scrollsTogether = !pair.scrollsTogether
        notice = [pair.scrollsTogether ? "Each pane scrolls by itself." : "Both panes scroll together."]
    }
}
