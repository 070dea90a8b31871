import Chat
import Screen

/// The turns in the order in which the timeline shows them: side branches below the turn they go off from, further in.
struct TimelineTree: Sendable, Equatable {
    /// A turn, and how far in it stands.
    struct Line: Sendable, Equatable {
        var row: TimelineRow
        /// Branches that lie to its left.
        var lanes: Int
        /// Whether its branch begins here.
        var beginsBranch: Bool
    }

    /// Lanes that are drawn at most; what is further in looks no different.
    private static let maximumLanes = 6

    var lines: [Line] = []

    init(_ rows: [TimelineRow]) {
        var children: [String: [TimelineRow]] = [:]
        for row in rows {
            if let parent = row.parent { children[parent, default: []].append(row) }
        }
        // Of a part of the timeline the first turn has a parent that isn't here.
        let labels = Set(rows.map(\.label))
        var pending = rows.filter { $0.parent.map(labels.contains) != true }.reversed().map {
            Line(row: $0, lanes: 0, beginsBranch: false)
        }
        while let line = pending.popLast() {
            lines.append(line)
            guard var after = children[line.row.label], !after.isEmpty else { continue }
            // The way that goes straight on: to where the session stands, or else the newest.
            let main = after.remove(at: after.firstIndex { $0.isOnPath } ?? after.count - 1)
            pending.append(Line(row: main, lanes: line.lanes, beginsBranch: false))
            pending += after.reversed().map { Line(row: $0, lanes: line.lanes + 1, beginsBranch: true) }
        }
    }

    /// What is drawn before a turn's number: its lanes and its mark.
    static func lane(of line: Line, _ glyphs: Glyphs) -> String {
        let lanes = min(line.lanes, maximumLanes)
        var text = String(repeating: glyphs.verticalLine + " ", count: max(0, lanes - 1))
        if lanes > 0 {
            text += line.beginsBranch ? glyphs.teeRight + glyphs.horizontalLine : glyphs.verticalLine + " "
        }
        return text + (line.row.isCurrent ? "@" : "o")
    }
}
