import Chat
import Foundation
import Inference
import Launch
import UI

/// Does what a reader asks of the session, with the files and the store around it: the same for both front ends.
struct SessionDesk: Sendable {
    let chat: ChatSession
    let store: (any ChatStore)?
    /// Bytes that snapshots may take on disk.
    let diskBytes: Int?

    init(_ chat: ChatSession, _ plan: SessionPlan) {
        self.chat = chat
        store = plan.start.store
        diskBytes = plan.options.diskBytes
    }

    /// Starts to make an answer.
    ///
    /// - Returns: nil for a token by its rank, which only means something at a place
    func answer(_ request: AnswerRequest, options: GenerationOptions) -> AsyncStream<GenerationEvent>? {
        switch request {
        case .again: chat.answerAgain(options: options)
        case .continuation: chat.continueAnswer(options: options)
        case .edit(let turn, let text): chat.edit(turn, text: text, options: options)
        case .aside(let question): chat.ask(question, options: options)
        case .take(let token, let back): chat.pick(token, back: back, options: options)
        case .pick: nil
        }
    }

    /// Does what is asked, or throws `ChatFailure` and changes nothing.
    func perform(_ request: SessionRequest) async throws -> SessionReply {
        switch request {
        case .go(let move): return .place(try await chat.go(move))
        case .timeline: return .timeline(await chat.timelineRows())
        case .fork(let name, let turn):
            if let turn { _ = try await chat.go(.turn(turn)) }
            return .place(try await chat.fork(name: name))
        case .branch(let name): return .done(try await chat.branch(name))
        case .bookmark(let name, let turn): return .done(try await chat.bookmark(name, turn: turn))
        case .removeBookmark(let turn): return .done(try await chat.removeBookmark(turn: turn))
        case .nameBranch(let name, let turn): return .done(try await chat.nameBranch(name, turn: turn))
        case .removeBranch(let turn): return .done(try await chat.removeBranch(turn))
        case .difference(let from, let to): return .difference(try await chat.diff(from, to))
        case .merge(let turn, let weight): return .place(try await chat.merge(turn, weight: weight))
        case .step(let back, let turn):
            if let turn { _ = try await chat.go(.turn(turn)) }
            return .tokens(try await chat.step(back: back))
        case .state: return .state(try await chat.stateReading())
        case .measureSpeed(let tokens): return .speed(try await chat.measureSpeed(tokens: tokens))
        case .system(let text?): return .place(try await chat.reset(systemPrompt: text))
        case .system(nil): return .done(await systemPrompt)
        case .savePersona(let name): return .done(try await chat.savePersona(name))
        case .loadPersona(let name): return .place(try await chat.loadPersona(name))
        case .importFile(let path): return .place(try await chat.importFile(path, name: nil))
        case .mind(let request): return try await MindDesk(chat).perform(request)
        case .save, .load, .sessions, .rename, .removeSession: return try await performInStore(request)
        case .export(let format, let file, let name):
            return .done(try await export(format, to: file, session: name))
        }
    }

    private var systemPrompt: String {
        get async {
            await chat.systemPrompt.map { "System prompt: \($0)" }
                ?? "The system prompt is the model's own; /system TEXT begins anew with another."
        }
    }

    private func performInStore(_ request: SessionRequest) async throws -> SessionReply {
        guard let store else {
            throw ChatFailure(
                what: "there are no sessions here", why: "nothing is kept in this run (--no-autosave)", advice: "hiss")
        }
        switch request {
        case .save(let name):
            if let name { return .done(try await chat.rename(to: name)) }
            try await chat.saveAll()
            guard let session = await chat.session else {
                return .done("Every finished turn is kept; nothing has been said yet.")
            }
            return .done("'\(session.name)' is kept: every turn as it ends, \(session.turns) so far.")
        case .load(let name):
            let info = try await Self.session(named: name, in: store)
            guard await chat.session?.id != info.id else { return .done("'\(info.name)' is this session.") }
            return .place(try await chat.resume(info))
        case .sessions(let words):
            let sessions = try await store.sessions(matching: words)
            let found = if let words { try await store.search(words, in: nil, limit: 200) } else { [FoundTurn]() }
            return .sessions(sessions, found: found)
        case .rename(let new, let name):
            guard let name, let info = try await store.session(named: name), await chat.session?.id != info.id else {
                return .done(try await chat.rename(to: new))
            }
            try await store.rename(info.id, to: new)
            return .done("'\(info.name)' is '\(new)' now.")
        case .removeSession(let name):
            let info = try await Self.session(named: name, in: store)
            guard await chat.session?.id != info.id else {
                throw ChatFailure(
                    what: "can't delete '\(info.name)'", why: "it is the session you are in",
                    advice: "/reset, then delete it")
            }
            try await store.remove(info.id)
            return .done("'\(info.name)' is deleted.")
        default: return .done("")
        }
    }

    private static func session(named name: String, in store: any ChatStore) async throws -> SessionInfo {
        guard let found = try await store.session(named: name) else {
            throw ChatFailure(what: "there is no session '\(name)'", advice: "/sessions")
        }
        return found
    }

    /// Writes a session to a file that isn't there yet, and says where it is.
    private func export(_ format: TranscriptFormat, to file: String?, session name: String?) async throws -> String {
        let current = await chat.session
        let info = try await name.asyncMap { try await store?.session(named: $0) } ?? current
        let path = file ?? SessionFiles.name(for: info?.name ?? "chat", format)
        let count: Int
        if format == .hiss {
            guard info?.id == current?.id else {
                throw ChatFailure(
                    what: "can't export '\(info?.name ?? "")' from here", why: "another session is open",
                    advice: "hiss session export \(info?.name ?? "NAME")")
            }
            count = try await SessionFiles.export(chat, to: path, replacing: false)
        } else {
            guard let store, let info else {
                throw ChatFailure(what: "can't export the transcript", why: "nothing of it is kept yet")
            }
            await chat.flush()
            let bytes = TranscriptBytes.bytes(format, info, try await store.turns(of: info.id))
            try SessionFiles.write(bytes, to: path, replacing: false)
            count = bytes.count
        }
        return "Written: \(path) (\(ByteText.long(count)))."
    }

    /// What the screen shows of the session.
    func state() async -> SessionState? {
        let nearby = await chat.nearby(before: SessionState.turnsBefore)
        guard let session = await chat.session else { return nil }
        let disk = (try? await store?.snapshotBytes()) ?? 0
        return SessionState(
            name: session.name, branch: nearby.branch, turn: nearby.rows.first { $0.isCurrent }?.label,
            snapshots: SnapshotUsage(
                count: nearby.places, memoryBytes: nearby.memoryBytes, diskBytes: disk, diskLimit: diskBytes),
            saved: session.changed, rows: nearby.rows)
    }
}

extension Optional {
    /// Maps with a function that waits.
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
