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
        var last: LastAnswer?
        if let first = answer.first {
            last = LastAnswer(
                // Where it is damaged the question can be read again.
                prompt: try? prompt.map { try coding.decode($0.main, page: $0.page) },
                promptTokens: first.fed.prompt, startsOver: try Resumption(parsing: first.resumption).startsOver,
                tokens: answer.flatMap(\.fed.completion))
        }
        return checkpoint(
            ModelCheckpoint(
                model: ObjectIdentifier(loaded), snapshot: snapshot, last: last,
                fed: answer.last?.fed ?? FedTokens(chunkSize: ModelRunner.defaultChunkSize)))
    }

    package nonisolated func encode(_ session: PortableSession) async throws -> [UInt8] {
        try SessionFile(coding: coding).encode(session) { try self.content(of: $0).snapshot }
    }

    package nonisolated func decodeSession(_ path: String) async throws -> PortableSession {
        try SessionFile(coding: coding).decode(path) { snapshot, answer in
            var last: LastAnswer?
            if let first = answer.first {
                last = LastAnswer(
                    prompt: nil, promptTokens: first.fed.prompt,
                    startsOver: try Resumption(parsing: first.resumption).startsOver,
                    tokens: answer.flatMap(\.fed.completion))
            }
            return self.checkpoint(
                ModelCheckpoint(
                    model: ObjectIdentifier(self.loaded), snapshot: snapshot, last: last,
                    fed: answer.last?.fed ?? FedTokens(chunkSize: ModelRunner.defaultChunkSize)))
        }
    }
}
