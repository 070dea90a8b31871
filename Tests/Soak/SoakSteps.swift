import Chat
import Foundation
import Inference
import SessionStore
import TestSupport

/// Steps that a reader may take, at random, on one session after another.
struct SoakSteps {
    private let loaded: LoadedModel
    private let folder: StoreFolder
    private var store: SQLiteStore
    private var chat: ChatSession
    private var random: SeededGenerator
    private(set) var count = 0
    /// How often each step was taken.
    private(set) var counts: [String: Int] = [:]
    /// What was refused, and how often: steps that had nowhere to go.
    private(set) var refusals: [String: Int] = [:]
    /// What must never happen.
    private(set) var losses: [String] = []
    private(set) var comparisons = 0

    /// Sessions that are kept at most; more are deleted, the oldest first.
    private static let sessionLimit = 24
    /// Turns of a session before another is begun.
    private static let turnLimit = 80

    init(_ loaded: LoadedModel, folder: String, seed: UInt64) throws {
        self.loaded = loaded
        self.folder = StoreFolder(folder)
        store = try SQLiteStore(folder: self.folder, patience: 30)
        random = SeededGenerator(seed: seed)
        chat = try Self.chat(loaded, store)
    }

    /// A conversation with a model of its own state, as a program that has just been started has it.
    private static func chat(_ loaded: LoadedModel, _ store: SQLiteStore) throws -> ChatSession {
        try ChatSession(
            LocalEngine(loaded), store: store, options: ChatSession.Options(memoryBytes: 24 << 20, diskBytes: 96 << 20))
    }

    /// Sessions and bytes on disk.
    func usage() async -> String {
        let sessions = (try? await store.sessions(matching: nil).count) ?? -1
        return "\(sessions) sessions, \(((try? await store.snapshotBytes()) ?? 0) >> 20) MiB of snapshots"
    }

    // MARK: - One step

    private enum Step: String, CaseIterable {
        case ask, again, go, undo, redo, fork, branch, bookmark, compare, goOn, edit, aside, pick, stop, reset, resume,
            restart, copy, persona, merge, search, remove
        case say

        /// How often it comes up.
        var weight: Int {
            switch self {
            case .say: 14
            case .undo, .redo, .go, .again, .stop, .resume: 4
            case .reset, .persona, .merge, .copy, .remove: 1
            default: 2
            }
        }
    }

    private static let bag = Step.allCases.flatMap { Array(repeating: $0, count: $0.weight) }

    mutating func takeOne() async throws {
        let step = Self.bag.randomElement(using: &random) ?? .say
        count += 1
        counts[step.rawValue, default: 0] += 1
        do {
            try await take(step)
        } catch let failure as ChatFailure {
            refusals[failure.what, default: 0] += 1
        }
        for problem in await chat.takeProblems() { losses.append("step \(count), \(step): \(problem)") }
        if await chat.timelineRows().count > Self.turnLimit { _ = try await chat.reset(systemPrompt: nil) }
        try await removeOldest()
    }

    private mutating func take(_ step: Step) async throws {
        let label = await chat.timelineRows().randomElement(using: &random)?.label ?? "0"
        switch step {
        case .say: await drain(chat.reply(to: words(), options: options()))
        case .again: await drain(chat.answerAgain(options: options()))
        case .goOn: await drain(chat.continueAnswer(options: options()))
        case .edit: await drain(chat.edit(label, text: words(), options: options()))
        case .aside: await checkUnchanged { await $0.drain($0.chat.ask($0.words(), options: $0.options())) }
        case .ask: await checkUnchanged { _ = try? await $0.chat.diff(nil, label) }
        case .stop:
            await drain(
                chat.reply(to: words(), options: options()), stoppingAfter: Int.random(in: 0...6, using: &random))
        case .pick:
            let back = Int.random(in: 0...20, using: &random)
            let place = try await chat.step(back: back)
            guard let token = place.alternatives.randomElement(using: &random) else { return }
            await drain(chat.pick(token.id, back: back, options: options()))
        case .undo:
            let before = await answer()
            _ = try await chat.go(.undo(1))
            _ = try await chat.go(.redo(1))
            await expect(before, "undo and redo")
            _ = try await chat.go(.undo(Int.random(in: 1...5, using: &random)))
        case .redo: _ = try await chat.go(.redo(Int.random(in: 1...5, using: &random)))
        case .go: _ = try await chat.go(.turn(label))
        case .fork: _ = try await chat.fork()
        case .branch: _ = try await chat.branch()
        case .bookmark: _ = try await chat.bookmark("mark \(count)", turn: label)
        case .compare: _ = try await chat.diff(label, nil)
        case .merge: _ = try await chat.merge(label, weight: 0.5)
        case .search: _ = try await store.search(words(), in: nil, limit: 50)
        case .remove: _ = try await chat.removeBranch(label)
        case .reset: _ = try await chat.reset(systemPrompt: Bool.random(using: &random) ? nil : words())
        case .resume: try await resume()
        case .restart: try await restart()
        case .copy: try await copy()
        case .persona:
            _ = try await chat.savePersona("persona \(count)")
            _ = try await chat.loadPersona("persona \(count)")
        }
    }

    /// Opens another session.
    private mutating func resume() async throws {
        let sessions = try await store.sessions(matching: nil).filter { !$0.isPersona }
        guard let session = sessions.randomElement(using: &random) else { return }
        _ = try await chat.resume(session, replaying: true)
    }

    /// Opens the session as a program does that is started anew, with a store and a state of its own.
    private mutating func restart() async throws {
        guard let session = await chat.session else { return }
        await chat.flush()
        let before = await answer()
        _ = try await chat.reset(systemPrompt: nil)
        store = try SQLiteStore(folder: folder, patience: 30)
        chat = try Self.chat(loaded, store)
        guard let saved = try await store.session(named: session.name) else {
            losses.append("step \(count): session '\(session.name)' is gone")
            return
        }
        _ = try await chat.resume(saved, replaying: true)
        await expect(before, "a resume")
    }

    /// Exports the session, and goes on with what another machine would import.
    private mutating func copy() async throws {
        let path = folder.path + "/soak.hiss"
        try await chat.export(to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let before = await answer()
        _ = try await chat.importFile(path)
        await expect(before, "an export and an import")
    }

    private mutating func removeOldest() async throws {
        let sessions = try await store.sessions(matching: nil)
        let current = await chat.session?.id
        for session in sessions.dropFirst(Self.sessionLimit) where session.id != current {
            try await store.remove(session.id)
        }
    }

    // MARK: - Answers

    /// What the model would say here, at most 8 tokens; nothing of it stays.
    private func answer() async -> [Int32] {
        var options = GenerationOptions()
        options.sampling = .greedy
        options.maxTokens = 8
        var tokens: [Int32] = []
        for await event in chat.ask("And then?", options: options) {
            if case .token(let token, _) = event { tokens.append(token.id) }
        }
        return tokens
    }

    private mutating func expect(_ tokens: [Int32], _ what: String) async {
        comparisons += 1
        let now = await answer()
        if now != tokens { losses.append("step \(count): \(what) goes on with \(now), not with \(tokens)") }
    }

    private mutating func checkUnchanged(_ body: (inout SoakSteps) async -> Void) async {
        let before = await answer()
        await body(&self)
        await expect(before, "looking")
    }

    private mutating func drain(_ events: AsyncStream<GenerationEvent>, stoppingAfter limit: Int? = nil) async {
        if limit == 0 { chat.stop() }
        var tokens = 0
        for await event in events {
            switch event {
            case .token:
                tokens += 1
                if tokens == limit { chat.stop() }
            case .failed(let failure): refusals[failure.what, default: 0] += 1
            case .prefill, .text, .finished: break
            }
        }
    }

    private mutating func options() -> GenerationOptions {
        var options = GenerationOptions()
        if Bool.random(using: &random) { options.sampling = .greedy }
        options.sampling.seed = random.next()
        options.maxTokens = Int.random(in: 1...24, using: &random)
        return options
    }

    private mutating func words() -> String {
        let all = [
            "the", "state", "river", "of", "a", "mountain", "says", "why", "über", "雪", "seven", "memory", "and",
        ]
        return (0..<Int.random(in: 1...24, using: &random))
            .map { _ in all.randomElement(using: &random) ?? "" }.joined(separator: " ")
    }
}
