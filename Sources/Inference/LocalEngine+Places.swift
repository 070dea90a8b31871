package import Chat
package import Engine

/// What a `Checkpoint` of a `LocalEngine` holds.
struct ModelCheckpoint: Sendable {
    let model: ObjectIdentifier
    let snapshot: ConversationSnapshot
    let last: LastAnswer?
    let fed: FedTokens
}

extension LocalEngine {
    /// All that can be put back.
    struct Standing {
        var snapshot: ConversationSnapshot
        var sampler: Sampler?
        var last: LastAnswer?
        var fed: FedTokens
        var ring: AnswerRing
        var reread: AnswerRing
    }

    var standing: Standing {
        Standing(snapshot: snapshot(), sampler: sampler, last: last, fed: fed, ring: ring, reread: reread)
    }

    func stand(at standing: Standing) {
        restore(standing.snapshot)
        sampler = standing.sampler
        (last, fed) = (standing.last, standing.fed)
        (ring, reread) = (standing.ring, standing.reread)
    }

    /// What the model remembers now.
    package var state: SequenceState { runner.state }

    /// All that going on from here needs: a value, which shares its memory with the conversation until that goes on.
    package func snapshot() -> ConversationSnapshot {
        ConversationSnapshot(
            state: runner.state, logits: runner.logits, sampler: sampler?.position, seed: samplerSeed, history: history,
            tokenCount: conversationTokens, overrun: overrun, cutOff: cutOff)
    }

    /// Goes back, or over, to where a snapshot of the same model was taken; nothing is read again.
    package func restore(_ snapshot: ConversationSnapshot) {
        // What was traced may be of another branch.
        runner.trace?.clear()
        observation = Observation()
        runner.restore(snapshot.state, logits: snapshot.logits)
        // The next answer brings its settings.
        sampler = snapshot.sampler.map { Sampler(SamplerSettings(.greedy), at: $0) }
        (samplerSeed, history) = (snapshot.seed, snapshot.history)
        (conversationTokens, overrun, cutOff) = (snapshot.tokenCount, snapshot.overrun, snapshot.cutOff)
        forgetAnswer()
    }

    package func checkpoint() -> Checkpoint {
        checkpoint(ModelCheckpoint(model: ObjectIdentifier(loaded), snapshot: snapshot(), last: last, fed: fed))
    }

    nonisolated func checkpoint(_ content: ModelCheckpoint) -> Checkpoint {
        var resumption = Resumption(content.snapshot)
        resumption.startsOver = !content.fed.prompt.isEmpty && content.last?.startsOver == true
        resumption.draws = content.last?.draws ?? DrawLog()
        return Checkpoint(
            byteCount: content.snapshot.byteCount + (content.last?.prompt?.byteCount ?? 0),
            tokensSeen: content.snapshot.state.position, fed: content.fed, resumption: resumption.json,
            hasPrompt: content.last == nil || content.last?.prompt != nil, content: content)
    }

    package func go(to checkpoint: Checkpoint) throws {
        let content = try content(of: checkpoint)
        restore(content.snapshot)
        (last, fed) = (content.last, content.fed)
    }

    nonisolated func content(of checkpoint: Checkpoint) throws -> ModelCheckpoint {
        guard let content = checkpoint.content as? ModelCheckpoint, content.model == ObjectIdentifier(loaded) else {
            throw ChatFailure(
                what: "can't go back to that place", why: "it belongs to another model than \(summary.name)")
        }
        return content
    }

    package nonisolated func beginning(systemPrompt: String?) async -> Checkpoint {
        let runner = ModelRunner(loaded.model)
        let snapshot = ConversationSnapshot(
            state: runner.state, logits: runner.logits, history: Self.opening(systemPrompt), resumption: Resumption())
        return checkpoint(
            ModelCheckpoint(
                model: ObjectIdentifier(loaded), snapshot: snapshot, last: nil,
                fed: FedTokens(chunkSize: runner.chunkSize)))
    }

    package func difference(from first: Checkpoint, to second: Checkpoint, top: Int) throws -> StateDifference {
        StateComparison(try content(of: first).snapshot, try content(of: second).snapshot, top: top)
            .difference { loaded.tokenizer.text(of: $0) }
    }

    package func merge(_ first: Checkpoint, _ second: Checkpoint, weight: Double) throws -> Checkpoint {
        let (a, b) = (try content(of: first), try content(of: second))
        guard (0...1).contains(weight) else {
            throw ChatFailure(what: "can't merge with weight \(weight)", why: "it has to be a number from 0 to 1")
        }
        var merged = a.snapshot
        guard let state = a.snapshot.state.mean(with: b.snapshot.state, weight: Float(weight)) else {
            throw ChatFailure(
                what: "can't merge these places",
                why: "\(summary.name) has attention layers, whose keys and values of different tokens have no mean",
                advice: "a model whose layers are all recurrent")
        }
        merged.state = state
        if merged.logits.count == b.snapshot.logits.count {
            merged.logits = zip(merged.logits, b.snapshot.logits).map { $0 + Float(weight) * ($1 - $0) }
        }
        merged.cutOff = nil
        return checkpoint(
            ModelCheckpoint(
                model: a.model, snapshot: merged, last: nil, fed: FedTokens(chunkSize: ModelRunner.defaultChunkSize)))
    }
}
