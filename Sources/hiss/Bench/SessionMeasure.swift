import Chat
import Engine
import Foundation
import Inference
import SessionStore

/// How long it takes to keep a conversation, to go elsewhere in it and to come back to it: what a reader waits for beside
/// the tokens themselves.
struct SessionMeasure {
    /// What was measured, in seconds.
    struct Outcome {
        /// Tokens and turns of the conversation, and bytes of what was said.
        var tokens, turns, textBytes: Int
        /// Taking a place in memory, the copy of the state that the next token makes then, and going back to it.
        var snapshot, copy, restore: Spread
        /// From an answer's last token until its turn is on the disk, and until its end where nothing is kept: the
        /// difference is what the store takes.
        var keeping, ending: Spread
        /// Going to another branch whose place is in memory, and to one whose place is on the disk.
        var branch, branchFromDisk: Spread
        /// From a loaded model to a conversation that goes on.
        var resume: Spread
        /// From there to the first token of another answer.
        var regenerate: Spread

        /// All of them, as they are called for people and for programs.
        var rows: [(title: String, key: String, spread: Spread)] {
            [
                ("snapshot in memory", "snapshot_seconds", snapshot),
                ("copy of the state by the next token", "copy_seconds", copy),
                ("restore in memory", "restore_seconds", restore),
                ("last token to the turn on disk", "keep_seconds", keeping),
                ("last token to the end, no store", "end_seconds", ending),
                ("another branch, in memory", "branch_seconds", branch),
                ("another branch, from disk", "branch_from_disk_seconds", branchFromDisk),
                ("resume from disk, model loaded", "resume_seconds", resume),
                ("first token of another answer there", "regenerate_seconds", regenerate),
            ]
        }
    }

    /// Tokens that the conversation has at least.
    var depth: Int
    var repetitions: Int
    /// Where the store is made, and removed again: on the disk where sessions lie.
    var folder: String

    /// Measures.
    func run(_ loaded: LoadedModel) async throws -> Outcome {
        let outcome: Result<Outcome, any Error>
        do { outcome = .success(try await measure(loaded)) } catch { outcome = .failure(error) }
        await removeFolder()
        return try outcome.get()
    }

    /// Removes the store.
    ///
    /// The last of its sessions may be closing still, which removes files, too; and a file that is gone when its turn comes
    /// ends the removal.
    private func removeFolder() async {
        for _ in 0..<20 where FileManager.default.fileExists(atPath: folder) {
            do {
                try FileManager.default.removeItem(atPath: folder)
            } catch {
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func measure(_ loaded: LoadedModel) async throws -> Outcome {
        let (info, keeping, textBytes) = try await talk(loaded)
        let ending = try await ending(loaded)
        let engine = try LocalEngine(loaded)
        var outcome = Outcome(
            tokens: info.tokensSeen, turns: info.turns, textBytes: textBytes, snapshot: Spread([0]), copy: Spread([0]),
            restore: Spread([0]), keeping: keeping, ending: ending, branch: Spread([0]), branchFromDisk: Spread([0]),
            resume: Spread([0]), regenerate: Spread([0]))
        try await measureDisk(engine, info, &outcome)
        try await measureMemory(engine, info, &outcome)
        return outcome
    }

    private static let options: GenerationOptions = {
        var options = GenerationOptions()
        (options.sampling, options.maxTokens) = (.greedy, 4)
        return options
    }()

    private func open(_ engine: LocalEngine) throws -> ChatSession {
        ChatSession(
            engine, store: try SQLiteStore(folder: StoreFolder(folder)), options: ChatSession.Options(name: "bench"))
    }

    /// Makes a session of the depth whose last turn has another beside it, and returns it with what each turn took to keep.
    private func talk(_ loaded: LoadedModel) async throws -> (SessionInfo, keeping: Spread, textBytes: Int) {
        let chat = try open(LocalEngine(loaded))
        var (keeping, textBytes, seen, turn): ([Double], Int, Int, Int) = ([], 0, 0, 0)
        while seen < depth || turn < 3 {
            turn += 1
            let text = Self.text(words: min(1500, max(8, depth - seen)), from: turn)
            textBytes += text.utf8.count
            let answer = try await answer(chat.reply(to: text, options: Self.options))
            seen = answer.tokensSeen
            keeping.append(answer.keeping)
        }
        _ = try await answer(chat.edit(nil, text: "And what is on the other branch?", options: Self.options))
        await chat.flush()
        guard let info = await chat.session else { throw ChatFailure(what: "the session was not kept") }
        for problem in await chat.takeProblems() { throw problem }
        return (info, Spread(keeping), textBytes)
    }

    /// Measures the ends of answers that nobody keeps.
    private func ending(_ loaded: LoadedModel) async throws -> Spread {
        let chat = ChatSession(try LocalEngine(loaded))
        var ending: [Double] = []
        for turn in 1...max(3, repetitions) {
            ending.append(
                try await answer(chat.reply(to: Self.text(words: 8, from: turn), options: Self.options)).keeping)
        }
        return Spread(ending)
    }

    /// Words of a dictionary of our own, so that every run says the same.
    private static func text(words: Int, from seed: Int) -> String {
        let stems = [
            "tide", "moon", "river", "stone", "letter", "garden", "number", "winter", "color", "answer", "map",
        ]
        return (0..<words).map { stems[($0 &* 7 &+ seed &* 3 &+ $0 / 11) % stems.count] }.joined(separator: " ")
    }

    private struct Answer {
        var firstToken, keeping: Double
        var tokensSeen: Int
    }

    /// Waits for an answer.
    private func answer(_ events: AsyncStream<GenerationEvent>) async throws -> Answer {
        let clock = ContinuousClock()
        let start = clock.now
        var answer = Answer(firstToken: 0, keeping: 0, tokensSeen: 0)
        var last = start
        for await event in events {
            switch event {
            case .token:
                if last == start { answer.firstToken = (clock.now - start).seconds }
                last = clock.now
            case .finished(_, let metrics):
                answer.keeping = (clock.now - last).seconds
                answer.tokensSeen = metrics.tokensSeen
            case .failed(let failure): throw failure
            case .prefill, .text: break
            }
        }
        return answer
    }

    /// Coming back, the first other answer there, and the other branch, each time with nothing in memory.
    private func measureDisk(_ engine: LocalEngine, _ info: SessionInfo, _ outcome: inout Outcome) async throws {
        let clock = ContinuousClock()
        var (resume, branch, regenerate): ([Double], [Double], [Double]) = ([], [], [])
        for repetition in 0...repetitions {
            let chat = try open(engine)
            let start = clock.now
            _ = try await chat.resume(info)
            let ready = clock.now
            let rows = await chat.timelineRows()
            let other = rows[rows.count - 2].label
            let begin = clock.now
            _ = try await chat.go(.turn(other))
            let there = clock.now
            _ = try await chat.go(.turn(rows[rows.count - 1].label))
            let first = try await answer(chat.answerAgain(options: Self.options)).firstToken
            await chat.flush()
            await engine.reset(systemPrompt: nil)
            guard repetition > 0 else { continue }
            resume.append((ready - start).seconds)
            branch.append((there - begin).seconds)
            regenerate.append(first)
        }
        outcome.resume = Spread(resume)
        outcome.branchFromDisk = Spread(branch)
        outcome.regenerate = Spread(regenerate)
    }

    private func measureMemory(_ engine: LocalEngine, _ info: SessionInfo, _ outcome: inout Outcome) async throws {
        let clock = ContinuousClock()
        let chat = try open(engine)
        _ = try await chat.resume(info)
        let labels = await chat.timelineRows().suffix(2).map(\.label)
        var (snapshot, copy, restore, branch): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for repetition in 0...repetitions {
            let start = clock.now
            let place = await engine.checkpoint()
            let taken = clock.now
            var state = await engine.state
            let begin = clock.now
            state.copyBuffers()
            let copied = clock.now
            try await engine.go(to: place)
            let back = clock.now
            for label in labels { _ = try await chat.go(.turn(label)) }
            let there = clock.now
            guard repetition > 0 else { continue }
            snapshot.append((taken - start).seconds)
            copy.append((copied - begin).seconds)
            restore.append((back - copied).seconds)
            branch.append((there - back).seconds / Double(labels.count))
        }
        outcome.snapshot = Spread(snapshot)
        outcome.copy = Spread(copy)
        outcome.restore = Spread(restore)
        outcome.branch = Spread(branch)
    }
}

extension SequenceState {
    /// Makes the fixed buffers this state's own, as writing to them does.
    fileprivate mutating func copyBuffers() {
        for layer in layers.indices {
            for buffer in layers[layer].buffers.indices where !layers[layer].buffers[buffer].values.isEmpty {
                layers[layer].buffers[buffer].values[0] += 0
            }
        }
    }
}
