extension ChatSession {
    /// The turns that are there, each after its parent.
    public func timelineRows() async -> [TimelineRow] {
        await currentTimeline().rows
    }

    /// Where the conversation stands in the timeline; what it costs doesn't grow with what was said.
    ///
    /// - Parameter before: turns before the current one that are wanted
    public func nearby(before: Int) async -> NearbyTurns {
        await currentTimeline().nearby(before: before)
    }

    /// The turns as text, a line each: `@` where the conversation stands, `o` on the way to it, `|` on other branches.
    public func listing() async -> String {
        await currentTimeline().listing
    }
}

extension Timeline.Turn {
    /// Bytes of the state at its place; nil where that is kept nowhere.
    fileprivate var placeBytes: Int? {
        guard checkpoint != nil || snapshot != nil else { return nil }
        return content.metrics.stateBytes > 0 ? content.metrics.stateBytes : checkpoint?.byteCount
    }
}

/// The turns around the one where a conversation stands, and what the places of all take.
public struct NearbyTurns: Sendable, Equatable {
    /// The current turn with those before it, the first turns of branches that go off there, and the next ones.
    public var rows: [TimelineRow]
    /// The name of the last branch that begins on the way to the current turn.
    public var branch: String?
    /// How many turns have a place, in memory or on disk.
    public var places: Int
    /// Bytes of the places that are in memory.
    public var memoryBytes: Int
}

extension Timeline {
    /// The turns that are there, each after its parent.
    public var rows: [TimelineRow] {
        let onPath = Set(path)
        return turns.indices.filter { !turns[$0].isRemoved }.map { row($0, isOnPath: onPath.contains($0)) }
    }

    private func row(_ index: Int, isOnPath: Bool) -> TimelineRow {
        let turn = turns[index]
        return TimelineRow(
            label: turn.label, parent: turn.parent.map { turns[$0].label }, kind: turn.content.kind,
            question: turn.content.question, answer: turn.content.answer, tokens: turn.content.fed.completion.count,
            tokensSeen: turn.content.tokensSeen, snapshotBytes: turn.placeBytes,
            digest: String(turn.snapshot?.description.prefix(8) ?? ""), created: turn.content.created,
            branch: turn.branch, bookmark: turn.bookmark, isCurrent: index == current, isOnPath: isOnPath)
    }

    /// The turns around the current one.
    ///
    /// - Parameter before: turns before it that are wanted
    public func nearby(before: Int) -> NearbyTurns {
        var way = [current]
        while way.count <= before, let parent = turns[way[way.count - 1]].parent { way.append(parent) }
        let top = way[way.count - 1]
        // Each turn comes after its parent. Of a branch that goes off only the first turn counts: it may be long.
        var rows = [row(top, isOnPath: true)]
        for index in turns.indices.dropFirst(top + 1) where !turns[index].isRemoved {
            guard let parent = turns[index].parent, parent >= top, way.contains(parent) else { continue }
            rows.append(row(index, isOnPath: way.contains(index)))
        }
        var branch: String?
        var turn: Int? = current
        while branch == nil, let index = turn {
            branch = turns[index].branch
            turn = turns[index].parent
        }
        var (places, memoryBytes) = (0, 0)
        for index in turns.indices where !turns[index].isRemoved {
            if let checkpoint = turns[index].checkpoint { memoryBytes += checkpoint.byteCount }
            if turns[index].checkpoint != nil || turns[index].snapshot != nil { places += 1 }
        }
        return NearbyTurns(rows: rows, branch: branch, places: places, memoryBytes: memoryBytes)
    }

    /// The turns as text, a line each.
    public var listing: String {
        rows.map { row in
            let mark = row.isCurrent ? "@" : row.isOnPath ? "o" : "|"
            let names = [row.branch, row.bookmark.map { "[\($0)]" }].compactMap(\.self).joined(separator: " ")
            return "\(mark) \(row.label)  \(row.tokensSeen) tok  \(names)\(names.isEmpty ? "" : ": ")"
                + row.title.prefix(60)
        }.joined(separator: "\n")
    }
}
