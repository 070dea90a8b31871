package import Chat
import Foundation

/// Places of a scripted engine are numbers, and their files have one.
extension ScriptedEngine {
    package var identity: ModelIdentity {
        ModelIdentity(name: summary.name, model: "0123456789abcdef", tokenizer: "fedcba9876543210")
    }

    package func beginning(systemPrompt: String?) async -> Checkpoint {
        Checkpoint(byteCount: 1000, tokensSeen: 0, content: -1)
    }

    package func replay(
        _ turns: [TurnContent], from checkpoint: Checkpoint, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> Checkpoint {
        note(.replay(turns.count))
        return Checkpoint(
            byteCount: 1000, tokensSeen: turns.last?.tokensSeen ?? 0, content: try number(checkpoint) + turns.count)
    }

    package func difference(from first: Checkpoint, to second: Checkpoint, top: Int) async throws -> StateDifference {
        let prediction = StateDifference.Prediction(
            top: [TokenChoice(id: 1, text: "a", probability: 0.5)], entropy: 1)
        return StateDifference(
            from: "", to: "", layers: [StateDifference.Layer(index: 0, change: 0.25)],
            mostChanged: [StateDifference.Part(layer: 0, name: "head 0", change: 0.5)], before: prediction,
            after: prediction, divergence: 0)
    }

    package func merge(_ first: Checkpoint, _ second: Checkpoint, weight: Double) async throws -> Checkpoint {
        Checkpoint(byteCount: 1000, tokensSeen: first.tokensSeen, content: try number(first))
    }

    package func look(back: Int, top: Int) async throws -> TokenPlace {
        TokenPlace(
            turn: "", index: 4 - back, count: 4, text: "before", rest: "after",
            chosen: TokenChoice(id: 1, text: "a", probability: 0.5),
            alternatives: [TokenChoice(id: 1, text: "a", probability: 0.5)])
    }

    package func stateReading(top: Int) async throws -> StateReading {
        StateReading(
            tokensSeen: 12, stateBytes: 1000,
            layers: [[StateReading.Part(name: "ssm_state", shape: [2, 4], norm: 1.5, largest: 0.75)]],
            next: StateDifference.Prediction(top: [TokenChoice(id: 1, text: "a", probability: 0.5)], entropy: 1))
    }

    package func measureSpeed(tokens: Int) async throws -> SpeedReading {
        SpeedReading(
            promptTokens: tokens, promptTokensPerSecond: 512, tokens: tokens, tokensPerSecond: 40,
            weightBytesPerToken: 90 << 20)
    }

    package func encode(_ checkpoint: Checkpoint) async throws -> EncodedSnapshot {
        EncodedSnapshot(main: [Array(String(try number(checkpoint)).utf8)], pages: [])
    }

    package func encodePrompt(of checkpoint: Checkpoint) async throws -> EncodedSnapshot? { nil }

    package func recallPrompt(_ files: SnapshotFiles) async throws {}

    package func decode(_ files: SnapshotFiles, answer: [TurnContent]) async throws -> Checkpoint {
        let bytes = try Data(contentsOf: URL(filePath: files.main))
        guard let number = Int(String(decoding: bytes, as: UTF8.self)) else {
            throw ChatFailure(what: "can't read the snapshot", why: "it is no number")
        }
        return Checkpoint(byteCount: 1000, tokensSeen: answer.last?.tokensSeen ?? 0, content: number)
    }

    package func write(_ session: PortableSession, to path: String) async throws {
        try Data(session.name.utf8).write(to: URL(filePath: path))
    }

    package func decodeSession(_ path: String) async throws -> PortableSession {
        throw ChatFailure(what: "can't read \(path)", why: "a script has no sessions")
    }

    private func number(_ checkpoint: Checkpoint) throws -> Int {
        guard let number = checkpoint.content as? Int else {
            throw ChatFailure(what: "can't go back to that place", why: "it belongs to another engine")
        }
        return number
    }
}
