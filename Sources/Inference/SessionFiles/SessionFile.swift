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

    /// Writes a session.
    ///
    /// - Parameter snapshots: what a checkpoint holds: its place, and where its last question had been read
    func encode(
        _ session: PortableSession,
        snapshots: (Chat.Checkpoint) throws -> (place: ConversationSnapshot, prompt: ConversationSnapshot?)
    ) throws -> [UInt8] {
        var writer = SafetensorsWriter()
        var records: [String] = []
        var written: Set<String> = []
        var turns = JSONWriter()
        turns.beginArray()
        /// Adds a snapshot, and returns its number.
        func add(_ snapshot: ConversationSnapshot) -> Int {
            let parts = coding.parts(of: snapshot)
            for block in parts.blocks { writer.add(block, prefix: "snapshots.\(records.count).") }
            for page in parts.pages where written.insert(page.digest).inserted {
                for block in page.page.blocks { writer.add(block, prefix: "pages.\(page.digest).") }
            }
            records.append(parts.record)
            return records.count - 1
        }
        for (index, turn) in session.turns.enumerated() {
            let kept = try turn.checkpoint.map(snapshots)
            // Another answer is asked for where the session stands; elsewhere the question can be read again.
            let prompt = index == session.current ? kept?.prompt : nil
            turns.write(turn, snapshot: kept.map { add($0.place) }, prompt: prompt.map(add))
        }
        turns.endArray()
        var head = JSONWriter()
        head.beginObject()
        head.field("name", session.name)
        head.field("source", session.modelSource)
        head.field("system_prompt", session.systemPrompt)
        head.field("current", session.current)
        head.endObject()
        let snapshots = "[" + records.joined(separator: ",") + "]"
        return writer.finish(
            metadata: [("format", Self.format)] + coding.identityMetadata + [
                ("session", String(decoding: head.drain(), as: UTF8.self)),
                ("turns", String(decoding: turns.drain(), as: UTF8.self)), ("snapshots", snapshots),
            ])
    }

    /// Reads the session at `path`.
    ///
    /// - Parameter checkpoint: makes one of a snapshot, that of the place where its last question had been read, and the
    ///   turns of its last answer
    func decode(
        _ path: String,
        checkpoint: (ConversationSnapshot, ConversationSnapshot?, [TurnContent]) throws -> Chat.Checkpoint
    ) throws -> PortableSession {
        let file = try coding.open(path)
        try coding.check(file, format: Self.format)
        let head = try coding.header("session", of: file)
        guard let entries = try coding.header("turns", of: file).array,
            let records = try coding.header("snapshots", of: file).array,
            let name = head["name"]?.string, let current = head["current"]?.int, entries.indices.contains(current)
        else { throw coding.damaged(file, "its header has no session, or not all of it") }
        var byPrefix: [String: [StateBlock]] = [:]
        for tensor in file.tensors {
            let words = tensor.name.split(separator: ".", maxSplits: 2)
            guard words.count == 3 else { throw coding.damaged(file, "\(tensor.name) belongs to nothing") }
            byPrefix["\(words[0]).\(words[1])", default: []].append(
                SnapshotCoding.block(tensor, name: String(words[2])))
        }
        try checkPages(byPrefix, file)
        func snapshot(_ number: Int) throws -> ConversationSnapshot {
            guard records.indices.contains(number) else { throw coding.damaged(file, "snapshot \(number) is missing") }
            let record = try SnapshotRecord(records[number]) { coding.damaged(file, "snapshot \(number): \($0)") }
            return try coding.snapshot(
                record, blocks: byPrefix["snapshots.\(number)"] ?? [],
                pages: record.pages.map { byPrefix["pages.\($0)"] ?? [] }, file)
        }
        var turns: [PortableSession.Turn] = []
        for (index, entry) in entries.enumerated() {
            var turn = try PortableSession.Turn(entry) { coding.damaged(file, "turn \(index): \($0)") }
            guard turn.parent.map({ (0..<index).contains($0) }) ?? (index == 0) else {
                throw coding.damaged(file, "turn \(index) comes after one that is not before it")
            }
            turns.append(turn)
            guard let number = entry["snapshot"]?.int else { continue }
            turn.checkpoint = try checkpoint(
                snapshot(number), entry["prompt_snapshot"]?.int.map(snapshot), Self.answer(at: index, in: turns))
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

    private func checkPages(_ blocks: [String: [StateBlock]], _ file: SafetensorsFile) throws {
        for (name, blocks) in blocks where name.hasPrefix("pages.") {
            guard name.dropFirst(6) == SnapshotCoding.digest(of: blocks) else {
                throw coding.damaged(
                    file, "the page \(name.dropFirst(6).prefix(12))… has other bytes than its name says")
            }
        }
    }
}

extension SafetensorsWriter {
    fileprivate mutating func add(_ block: StateBlock, prefix: String) {
        add(prefix + block.name, type: block.type, shape: block.shape, bytes: block.bytes)
    }
}
