import Chat
import Foundation
import Inference
import SessionStore
import TestSupport
import Tokenization

/// How tokens are chosen in tests of exactness.
enum Decoding: CaseIterable {
    case greedy, sampled

    /// Options for an answer of exactly `count` tokens; nil goes on until it is stopped.
    func options(_ count: Int?, _ loaded: LoadedModel) -> GenerationOptions {
        var options = GenerationOptions()
        switch self {
        case .greedy: options.sampling = .greedy
        case .sampled:
            options.sampling.temperature = 1
            options.sampling.topK = 0
            options.sampling.topP = 1
            options.sampling.minP = 0
            options.sampling.penaltyWindow = 16
            options.sampling.presencePenalty = 0.5
        }
        options.sampling.seed = 7
        // The model never ends by itself.
        for token in loaded.tokenizer.endOfTurn { options.sampling.logitBias[token] = -.infinity }
        options.maxTokens = count
        return options
    }
}

/// What came of an answer.
struct Said: Equatable {
    var tokens: [Int32] = []
    var text = ""
    var reason: FinishReason?
    var recomputed = 0
    var failure: ChatFailure?
}

/// A conversation with a tiny model, as one run of the program has it.
struct Talk {
    let name: String
    let loaded: LoadedModel
    let engine: LocalEngine
    let chat: ChatSession
    let store: SQLiteStore?
    let home: TemporaryDirectory
    let decoding: Decoding

    /// One model of each kind of state: Mamba, Mamba-2, both with attention, attention alone.
    static let models = ["mamba-tied-F16", "mamba2-g1-Q8_0", "granite-dense-hybrid-nope-F32", "llama-gqa-F32"]

    /// - Parameters:
    ///   - home: whose folder `hiss` has the store; nil keeps nothing
    ///   - change: of how sessions are kept
    init(
        _ name: String, _ decoding: Decoding = .greedy, in home: TemporaryDirectory? = nil,
        calls: any FileCalls = SystemFileCalls(), _ change: (inout ChatSession.Options) -> Void = { _ in }
    ) throws {
        self.name = name
        self.decoding = decoding
        self.home = try home ?? TemporaryDirectory()
        loaded = try TinyModels.load(name)
        engine = try LocalEngine(loaded)
        store = try home.map { home in
            try SQLiteStore(
                folder: StoreFolder(home.path("hiss")), calls: calls, clock: StoreClock(now: { 1_795_608_000 }))
        }
        var options = ChatSession.Options(modelSource: "\(name).gguf", now: { 1_795_608_000 })
        change(&options)
        chat = ChatSession(engine, store: store, options: options)
    }

    /// A conversation that is kept in a store of its own.
    static func kept(
        _ name: String, _ decoding: Decoding = .greedy, calls: any FileCalls = SystemFileCalls(),
        _ change: (inout ChatSession.Options) -> Void = { _ in }
    ) throws -> Talk {
        try Talk(name, decoding, in: TemporaryDirectory(), calls: calls, change)
    }

    // MARK: - Answers

    /// Asks for an answer of `count` tokens.
    @discardableResult
    func say(_ text: String, _ count: Int) async -> Said {
        await said(chat.reply(to: text, options: options(count)))
    }

    func options(_ count: Int?) -> GenerationOptions { decoding.options(count, loaded) }

    func said(_ events: AsyncStream<GenerationEvent>, _ seen: (Int) -> Void = { _ in }) async -> Said {
        var said = Said()
        for await event in events {
            switch event {
            case .prefill: break
            case .token(let token, _):
                said.tokens.append(token.id)
                said.text += token.text
                seen(said.tokens.count)
            case .text(let text): said.text += text
            case .finished(let reason, let metrics): (said.reason, said.recomputed) = (reason, metrics.recomputedTokens)
            case .failed(let failure): said.failure = failure
            }
        }
        return said
    }

    /// Two turns, the second of which fills more than a page of keys and values.
    func open() async {
        await say("My room is 412.", 20)
        await say(String(repeating: "More. ", count: 60), 20)
    }

    /// The turn that has to be the same whatever came between.
    func last() async -> Said { await say("Which room?", 64) }

    /// What an uninterrupted conversation says, and where it ends.
    static func uninterrupted(_ name: String, _ decoding: Decoding) async throws -> (Said, ConversationSnapshot) {
        let talk = try Talk(name, decoding)
        await talk.open()
        let said = await talk.last()
        return (said, await talk.engine.snapshot())
    }

    // MARK: - Runs

    /// A copy of what is on the disk now, which is what a kill leaves.
    func disk() async throws -> TemporaryDirectory {
        // What is written in the background mustn't be copied in part.
        await chat.flush()
        let copy = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: home.path("hiss"), toPath: copy.path("hiss"))
        return copy
    }

    /// The path of a file with the session.
    func exported() async throws -> String {
        let path = home.path("a.hiss")
        try await chat.export(to: path)
        return path
    }

    /// Another run of the program, on what a kill would leave of this one.
    func afterKill(
        session: String? = nil, _ change: (inout ChatSession.Options) -> Void = { _ in }
    ) async throws -> (Talk, ChatSession.Place) {
        let talk = try Talk(name, decoding, in: await disk(), change)
        let name = await chat.session?.name
        guard let info = try await talk.store?.session(named: session ?? name ?? "") else {
            throw ChatFailure(what: "there is no session", why: "\(session ?? name ?? "none")")
        }
        return (talk, try await talk.chat.resume(info))
    }
}
