package import Chat
import Engine

extension LocalEngine {
    package nonisolated func encode(_ checkpoint: Checkpoint) async throws -> EncodedSnapshot {
        coding.encode(try content(of: checkpoint).snapshot)
    }

    package nonisolated func encodePrompt(of checkpoint: Checkpoint) async throws -> EncodedSnapshot? {
        try content(of: checkpoint).last?.prompt.map(coding.encode)
    }

    package nonisolated func decode(_ files: SnapshotFiles, prompt: SnapshotFiles?, answer: [TurnContent]) async throws
        -> Checkpoint
    {
        let snapshot = try coding.decode(files.main, page: files.page)
        // Where it is damaged the question can be read again.
        let prompt = try? prompt.map { try coding.decode($0.main, page: $0.page) }
        return try checkpoint(at: snapshot, prompt: prompt, answer: answer)
    }

    package nonisolated func encode(_ session: PortableSession) async throws -> [UInt8] {
        try SessionFile(coding: coding).encode(session) { try self.content(of: $0).snapshot }
    }

    package nonisolated func decodeSession(_ path: String) async throws -> PortableSession {
        try SessionFile(coding: coding).decode(path) { try self.checkpoint(at: $0, prompt: nil, answer: $1) }
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
                tokens: answer.flatMap(\.fed.completion))
        }
        return checkpoint(
            ModelCheckpoint(
                model: ObjectIdentifier(loaded), snapshot: snapshot, last: last,
                fed: answer.last?.fed ?? FedTokens(chunkSize: ModelRunner.defaultChunkSize)))
    }
}
