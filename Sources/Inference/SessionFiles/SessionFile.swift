import Chat
import Digests
import Engine
import JSON
import Weights

/// One portable file with a whole session: its turns in the header, and the places that are kept as tensors.
///
/// `snapshots.3.layers.0.ssm_state` is a block of the fourth snapshot; `pages.DIGEST.layers.0.keys` one of a page that
/// snapshots share.
struct SessionFile {
    /// The version of the format; another one is refused.
    static let format = "hiss-session-1"

    let coding: SnapshotCoding

    /// Writes a session to the file at `path`, which is made or written over, place by place.
    ///
    /// - Parameter snapshots: what a checkpoint holds: its place, and where its last question had been read
    func write(
        _ session: PortableSession, to path: String,
        snapshots: (Chat.Checkpoint) throws -> (place: ConversationSnapshot, prompt: ConversationSnapshot?)
    ) async throws {
        do {
            var writer = try SafetensorsFileWriter(path)
            var records: [String] = []
            var written: Set<String> = []
            var turns = JSONWriter()
            turns.beginArray()
            for (index, turn) in session.turns.enumerated() {
                let checkpoint = try await turn.checkpoint?()
                let kept = try checkpoint.map(snapshots)
                let place = try kept.map { try add($0.place, to: &writer, &records, &written) }
                // Another answer is asked for where the session stands; elsewhere the question can be read again.
                let prompt = index == session.current ? kept?.prompt : nil
                turns.write(
                    turn, snapshot: place, prompt: try prompt.map { try add($0, to: &writer, &records, &written) })
            }
            turns.endArray()
            try writer.finish(metadata: metadata(of: session, turns: &turns, records: records))
        } catch let error as WeightError {
            throw ChatFailure(what: "can't write the session", why: error.description, advice: "another place")
        }
    }

    /// Adds a snapshot, and returns its number.
    private func add(
        _ snapshot: ConversationSnapshot, to writer: inout SafetensorsFileWriter, _ records: inout [String],
        _ written: inout Set<String>
    ) throws -> Int {
        let parts = coding.parts(of: snapshot)
        for block in parts.blocks { try writer.add(block, prefix: "snapshots.\(records.count).") }
        for page in parts.pages where written.insert(page.digest).inserted {
            for block in page.page.blocks { try writer.add(block, prefix: "pages.\(page.digest).") }
        }
        records.append(parts.record)
        return records.count - 1
    }

    private func metadata(
        of session: PortableSession, turns: inout JSONWriter, records: [String]
    ) -> [(name: String, value: String)] {
        var head = JSONWriter()
        head.beginObject()
        head.field("name", session.name)
        head.field("source", session.modelSource)
        head.field("system_prompt", session.systemPrompt)
        head.field("current", session.current)
        head.endObject()
        return [("format", Self.format)] + coding.identityMetadata + [
            ("session", String(decoding: head.drain(), as: UTF8.self)),
            ("turns", String(decoding: turns.drain(), as: UTF8.self)),
            ("snapshots", "[" + records.joined(separator: ",") + "]"),
        ]
    }

    /// Reads the session at `path`; its places are read when they are asked for.
    ///
    /// - Parameter checkpoint: makes one of a snapshot, that of the place where its last question had been read, and the
    ///   turns of its last answer
    func decode(
        _ path: String,
        checkpoint:
            @escaping @Sendable (ConversationSnapshot, ConversationSnapshot?, [TurnContent]) throws ->
            Chat.Checkpoint
    ) throws -> PortableSession {
        let file = try coding.open(path, format: Self.format)
        try coding.check(file, format: Self.format)
        let head = try coding.header("session", of: file)
        guard let entries = try coding.header("turns", of: file).array,
            let name = head["name"]?.string, let current = head["current"]?.int, entries.indices.contains(current)
        else { throw coding.damaged(file, "its header has no session, or not all of it") }
        let places = try SessionFilePlaces(file, coding: coding)
        var turns: [PortableSession.Turn] = []
        for (index, entry) in entries.enumerated() {
            var turn = try PortableSession.Turn(entry) { coding.damaged(file, "turn \(index): \($0)") }
            guard turn.parent.map({ (0..<index).contains($0) }) ?? (index == 0) else {
                throw coding.damaged(file, "turn \(index) comes after one that is not before it")
            }
            turns.append(turn)
            guard let number = entry["snapshot"]?.int else { continue }
            let (prompt, answer) = (entry["prompt_snapshot"]?.int, Self.answer(at: index, in: turns))
            for number in [number, prompt].compactMap(\.self) { try places.check(number) }
            turn.checkpoint = {
                try checkpoint(places.snapshot(number), prompt.map(places.snapshot), answer)
            }
            turns[index] = turn
        }
        return PortableSession(
            name: name, modelSource: head["source"]?.string ?? "", systemPrompt: head["system_prompt"]?.string,
            turns: turns, current: current)
    }

    /// The last question's turn and its continuations.
    private static func answer(at index: Int, in turns: [PortableSession.Turn]) -> [TurnContent] {
        var answer = [turns[index].content]
        var place = index
        while answer[0].kind == .continuation, let parent = turns[place].parent {
            answer.insert(turns[parent].content, at: 0)
            place = parent
        }
        return answer[0].kind == .reply ? answer : []
    }
}

extension SafetensorsFileWriter {
    fileprivate mutating func add(_ block: StateBlock, prefix: String) throws(WeightError) {
        try add(prefix + block.name, type: block.type, shape: block.shape, bytes: block.bytes)
    }
}
