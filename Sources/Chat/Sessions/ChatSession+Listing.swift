extension ChatSession {
    /// The turns that are there, each after its parent.
    public func timelineRows() async -> [TimelineRow] {
        await currentTimeline().rows
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

extension Timeline {
    /// The turns that are there, each after its parent.
    public var rows: [TimelineRow] {
        let onPath = Set(path)
        return turns.indices.filter { !turns[$0].isRemoved }.map { index in
            let turn = turns[index]
            return TimelineRow(
                label: turn.label, parent: turn.parent.map { turns[$0].label }, kind: turn.content.kind,
                question: turn.content.question, answer: turn.content.answer, tokens: turn.content.fed.completion.count,
                tokensSeen: turn.content.tokensSeen, snapshotBytes: turn.placeBytes,
                digest: String(turn.snapshot?.description.prefix(8) ?? ""), created: turn.content.created,
                branch: turn.branch, bookmark: turn.bookmark, isCurrent: index == current,
                isOnPath: onPath.contains(index))
        }
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
