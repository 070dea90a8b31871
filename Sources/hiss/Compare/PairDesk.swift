import Chat
import Engine
import Inference
import Launch
import UI

/// Holds the two conversations of a comparison on the screen, and does what the screen asks about them.
@MainActor
final class PairDesk {
    /// A model, and what it was loaded from.
    private struct Model {
        var loaded: LoadedModel
        var source: String
    }

    private var plan: PairPlan
    /// The comparison to begin with, once the chat's model is there.
    private var first: PairPlan.Start?
    private let post: (Message) -> Void
    private var models: [ChatPair.Side: Model] = [:]
    private var pair: ChatPair?
    private var mode = ChatPair.Mode.free
    private var answering: Task<Void, Never>?
    /// What is asked is done one after the other.
    private var work: Task<Void, Never>?
    /// Counts comparisons, so that one that was left is not taken for the present one.
    private var number = 0

    init(_ plan: PairPlan, start: PairPlan.Start?, post: @escaping (Message) -> Void) {
        (self.plan, first, self.post) = (plan, start, post)
    }

    /// Begins the comparison that the program was started for, if it was.
    func start(beside chat: ChatSession?, of session: SessionPlan) {
        if let first, let chat { open(first, beside: chat, of: session) }
        first = nil
    }

    /// Loads the second model and begins a conversation with both.
    ///
    /// - Parameters:
    ///   - chat: the chat, whose model is A
    ///   - session: what the chat was opened with
    private func open(_ start: PairPlan.Start, beside chat: ChatSession, of session: SessionPlan) {
        guard let engine = chat.engine as? LocalEngine else { return }
        plan = PairPlan(session: session, compute: plan.compute)
        number += 1
        mode = start.mode
        let (number, plan) = (number, plan)
        let first = Model(loaded: engine.loaded, source: plan.session.conversation.model.source)
        let reference = start.model ?? ComparedModel.partner(of: first.loaded.summary.name)
        let isTimeInvariant = start.isTimeInvariant
        then(reporting: { [post] in post(.pair(.failed($0))) }) { [weak self] in
            let pool = first.loaded.model.pool
            let second = try await Task.detached {
                let model = try plan.model(reference, isTimeInvariant: isTimeInvariant)
                return Model(loaded: try model.load(on: pool, sharing: first.loaded), source: model.source)
            }.value
            guard let self, self.number == number else { return }
            models = [.a: first, .b: second]
            try await begin(plan.session.conversation.system, isBlind: start.isBlind, session: start.session)
        }
    }

    func perform(_ effect: PairEffect, chat: ChatSession?, of session: SessionPlan, options: GenerationOptions) {
        switch effect {
        case .open(let model): if let chat { open(PairPlan.Start(model: model), beside: chat, of: session) }
        case .close:
            number += 1
            then { [weak self] in _ = await self?.close() }
        case .ask(let text): ask(text, options)
        case .stop: pair?.stop()
        case .begin(let systemPrompt, let isBlind):
            then(reporting: { [post] in post(.pair(.refused($0))) }) { [weak self] in
                try await self?.begin(systemPrompt, isBlind: isBlind, session: nil)
            }
        case .setMode(let mode):
            self.mode = mode
            then { [weak self] in try await self?.pair?.setMode(mode) }
        case .join:
            then(reporting: { [post] in post(.pair(.refused($0))) }) { [weak self] in
                guard let self, let pair else { return }
                let (side, place) = try await pair.join()
                mode = .lockstep
                post(.pair(.joined(side, place)))
                await tellStates()
            }
        case .swapLead: then { [weak self] in await self?.pair?.swapLead() }
        case .mind(let side, let request): then { [weak self] in await self?.look(side, request) }
        case .vote(let vote): then { [weak self] in try await self?.keep(vote) }
        }
    }

    /// Does something after all that was asked before; what goes wrong is told.
    private func then(
        reporting report: ((ChatFailure) -> Void)? = nil, _ body: @escaping @MainActor () async throws -> Void
    ) {
        let post = post
        work = Task { [before = work] in
            await before?.value
            do {
                try await body()
            } catch {
                let failure = (error as? LaunchError)?.failure ?? ChatFailure(error)
                if let report { report(failure) } else { post(.notice(failure.description)) }
            }
        }
    }

    /// Begins a conversation with both models, in sessions of their own; in blind mode chance says which one is A.
    private func begin(_ systemPrompt: String?, isBlind: Bool, session name: String?) async throws {
        try await saveAll()
        let base = if let name { Optional(name) } else { try await plan.freeName() }
        // Only a session that was named can be there already.
        let kept = if let name { try await plan.kept(name) } else { [ChatPair.Side: SessionInfo]() }
        let isOtherWay = kept.contains { $1.model.model == models[$0.other]?.loaded.identity.model }
        if kept.isEmpty ? isBlind && Bool.random() : isOtherWay {
            (models[.a], models[.b]) = (models[.b], models[.a])
        }
        var sides: [ChatPair.Side: ChatSession] = [:]
        var places: [ChatPair.Side: ChatSession.Place] = [:]
        for (side, model) in models {
            let engine = try LocalEngine(model.loaded, systemPrompt: systemPrompt)
            let options = plan.options(side, of: base, source: model.source, systemPrompt: systemPrompt)
            let chat = ChatSession(engine, store: plan.store, options: options)
            sides[side] = chat
            if let info = kept[side] { places[side] = try await chat.resume(info) }
        }
        guard let a = sides[.a], let b = sides[.b] else { return }
        let pair = try ChatPair(a, b, mode: mode)
        self.pair = pair
        post(
            .pair(
                .began(
                    PairOpening(
                        models: models.mapValues(\.loaded.summary), sharesTokens: pair.sharesTokens, mode: mode,
                        isBlind: isBlind, places: places))))
        await tellStates()
    }

    private func ask(_ text: String, _ options: GenerationOptions) {
        let post = post
        then { [weak self] in
            guard let self, let pair else { return }
            let answering = Task {
                for await event in await pair.reply(to: text, options: options) { post(.pair(.event(event))) }
            }
            self.answering = answering
            await answering.value
            for side in ChatPair.Side.allCases {
                for problem in await pair.session(side).takeProblems() { post(.notice(problem.description)) }
            }
            await tellStates()
        }
    }

    /// Looks inside a side's model, and at what the other one makes of the same tokens.
    private func look(_ side: ChatPair.Side, _ request: MindRequest) async {
        guard let pair else { return }
        do {
            let reply = try await MindDesk(pair.session(side)).perform(request)
            if case .close = request { await pair.session(side.other).engine.endObservation() }
            var beside: Insight?
            if case .insight(let insight) = reply, pair.sharesTokens {
                beside = try? await self.insight(beside: insight, pair.session(side.other))
            }
            post(.pair(.mind(side, .success(reply), beside: beside)))
        } catch {
            post(.pair(.mind(side, .failure(ChatFailure(error)), beside: nil)))
        }
    }

    /// What another model reads of the same tokens, in a layer as deep; nil where they aren't the same.
    private func insight(beside insight: Insight, _ other: ChatSession) async throws -> Insight? {
        var query = InsightQuery(position: insight.position)
        let first = try await other.insight(query)
        guard first.readsSameTokens(as: insight) else { return nil }
        query.layer = insight.layer(ofDepthIn: first.layers.count)
        return query.layer == first.layer ? first : try await other.insight(query)
    }

    private func keep(_ vote: PairVote) async throws {
        guard let pair, let store = plan.store else {
            throw ChatFailure(
                what: "can't keep the vote", why: "nothing is kept in this run (--no-autosave)", advice: "hiss compare")
        }
        func side(_ side: ChatPair.Side) async -> Vote.Side {
            let session = pair.session(side)
            return Vote.Side(
                model: session.engine.identity, answer: vote.answers[side] ?? "", turn: await session.session?.current)
        }
        _ = try await store.add(
            Vote(
                question: vote.question, a: await side(.a), b: await side(.b), choice: vote.choice,
                isBlind: vote.isBlind, created: WallClock.seconds()))
        post(.pair(.voted(vote.choice)))
    }

    /// Tells the screen which sessions these are.
    private func tellStates() async {
        guard let pair else { return }
        for side in ChatPair.Side.allCases {
            post(.pair(.session(side, await SessionDesk(pair.session(side), plan.session).state())))
        }
    }

    private func saveAll() async throws {
        guard let pair else { return }
        for side in ChatPair.Side.allCases { try await pair.session(side).saveAll() }
    }

    /// Stops the answers and lets go of everything; returns what could not be saved.
    func close() async -> ChatFailure? {
        pair?.stop()
        await answering?.value
        var failure: ChatFailure?
        do {
            try await saveAll()
        } catch {
            failure = ChatFailure(error)
            post(.notice(failure?.description ?? ""))
        }
        (pair, models, answering) = (nil, [:], nil)
        return failure
    }
}
