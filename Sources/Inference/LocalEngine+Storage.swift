package import Chat
import Engine

extension LocalEngine {
    package nonisolated func encode(_ checkpoint: Checkpoint) async throws -> EncodedSnapshot {
        coding.encode(try content(of: checkpoint).snapshot)
    }

    package nonisolated func encodePrompt(of checkpoint: Checkpoint) async throws -> EncodedSnapshot? {
        try content(of: checkpoint).last?.prompt.map(coding.encode)
    }

    package nonisolated func decode(_ files: SnapshotFiles, answer: [TurnContent]) async throws -> Checkpoint {
        try checkpoint(at: try coding.decode(files.main, page: files.page), prompt: nil, answer: answer)
    }

    package func recallPrompt(_ files: SnapshotFiles) throws {
        last?.prompt = try coding.decode(files.main, page: files.page)
    }

    package nonisolated func write(_ session: PortableSession, to path: String) async throws {
        try await SessionFile(coding: coding).write(session, to: path) { checkpoint in
            let content = try self.content(of: checkpoint)
            return (content.snapshot, content.last?.prompt)
        }
    }

    package nonisolated func decodeSession(_ path: String) async throws -> PortableSession {
        try SessionFile(coding: coding).decode(path) {
            try self.checkpoint(at: $0, prompt: $1, answer: $2)
        }
    }

    /// The place where a snapshot was taken.
    ///
    /// - Parameters:
    ///   - prompt: the place where its last question had been read, if that is kept
    ///   - answer: the turns of its last answer
    private nonisolated func checkpoint(
        at snapshot: ConversationSnapshot, prompt: ConversationSnapshot?, answer: [TurnContent]
    ) throws -> Checkpoint {
        let last = try answer.first.map { first in
            LastAnswer(
                prompt: prompt, promptTokens: first.fed.prompt,
                startsOver: try Resumption(parsing: first.resumption).startsOver,
                tokens: answer.flatMap(\.fed.completion),
                draws: try Resumption(parsing: (answer.last ?? first).resumption).draws)
        }
        return checkpoint(
            ModelCheckpoint(
                model: ObjectIdentifier(loaded), snapshot: snapshot, last: last,
                fed: answer.last?.fed ?? FedTokens(chunkSize: ModelRunner.defaultChunkSize)))
    }
}
