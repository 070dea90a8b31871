import Chat
import Screen

/// All turns, on all branches: where the session stands, and where else it can go.
struct TimelineOverlay: Overlay {
    let name = OverlayName.timeline
    private var list = MarkedList(count: 0)
    private var tree = TimelineTree([])
    /// The rows that `tree` was made of.
    private var shown: [TimelineRow] = []
    /// The labels of at most two turns to compare.
    private var compared: [String] = []
    private var question: (line: LineQuestion, verb: Verb)?

    private enum Verb {
        case bookmark, rename, fork, delete
    }

    private static let keys = [
        "Enter go here", "f fork", "u undo", "R redo", "m mark two, d diff", "b bookmark", "e export .hiss",
        "r name branch", "i ask otherwise", "p play tokens", "x delete branch (asks)",
    ]
    private static let columnsForDigest = 76
    private static let columnsForSentence = 80

    func title(_ model: AppModel) -> String {
        let summary = model.readings.summary
        // A state that grows has no one size.
        let size = summary.flatMap { $0.stateBytesPerToken == 0 ? ByteText.short($0.stateBytes) : nil }
        guard model.size.columns >= Self.columnsForSentence else {
            return "hiss timeline: \(size ?? "a snapshot") a turn, nothing read again"
        }
        return "hiss timeline: each turn is a \(size.map { $0 + " " } ?? "")snapshot, nothing is read again"
    }

    mutating func open(in model: inout AppModel) -> [Effect] {
        (model.timeline, model.difference, model.notice) = ([], nil, [])
        return [.session(.timeline)]
    }

    private var marked: TimelineRow? {
        tree.lines.indices.contains(list.marked) ? tree.lines[list.marked].row : nil
    }

    /// Takes in the turns when they have come, or have changed; the mark stays on its turn.
    private mutating func follow(_ model: AppModel) {
        guard shown != model.timeline else { return }
        let before = marked?.label
        let stood = shown.first { $0.isCurrent }?.label
        shown = model.timeline
        tree = TimelineTree(shown)
        list.count = tree.lines.count
        let stands = shown.first { $0.isCurrent }?.label
        let label = stood == stands ? before : stands
        if let index = tree.lines.firstIndex(where: { $0.row.label == label }) { list.mark(index) }
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        follow(model)
        if question != nil { return answer(key, in: &model) }
        if key.code == .escape || key == .letter("q") { return .closes }
        if list.press(key) { return .stays }
        guard key.modifiers.isEmpty, let row = marked else { return .stays }
        if key == .letter("m") {
            toggle(row.label)
            return .stays
        }
        guard !model.isBusy else {
            model.notice = ["The answer has to end first; Esc closes this, and stops it then."]
            return .stays
        }
        model.notice = []
        switch key.code {
        case .enter: return .closing(model.request(.go(.turn(row.label))))
        case .character("u"): return OverlayOutcome(effects: model.request(.go(.undo(1))))
        case .character("R"): return OverlayOutcome(effects: model.request(.go(.redo(1))))
        case .character("d"): return OverlayOutcome(effects: [difference(row)])
        case .character("e"): return OverlayOutcome(effects: model.request(.export(.hiss, file: nil, session: nil)))
        case .character("i") where row.kind == .reply:
            return .closing(model.edit(turn: row.label, question: row.question))
        case .character("p") where row.tokens > 0: return .closing(model.request(.step(back: 0, turn: row.label)))
        case .character("f"): question = (.word("name of the new session (Enter: by date)"), .fork)
        case .character("b"): question = (.word("bookmark (empty: none)", row.bookmark ?? "mark"), .bookmark)
        case .character("r"): question = (.word("name of the branch (empty: none)", row.branch ?? ""), .rename)
        case .character("x"): askToDelete(row, in: &model)
        default: break
        }
        return .stays
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        question?.line.text?.append(text)
    }

    private mutating func toggle(_ label: String) {
        if let index = compared.firstIndex(of: label) {
            compared.remove(at: index)
        } else {
            compared = compared.suffix(1) + [label]
        }
    }

    /// The two that are marked; one is compared with the row that the list is at, none with the current turn, and that
    /// with the one before it.
    private func difference(_ row: TimelineRow) -> Effect {
        let stands = shown.first { $0.isCurrent }?.label
        let others = compared.isEmpty ? [stands].compactMap { $0 } : compared
        let pair = others.count == 2 ? others : others + [row.label]
        guard pair.first == pair.last else { return .session(.difference(from: pair.first, to: pair.last)) }
        return .session(.difference(from: pair.first == stands ? nil : pair.first, to: nil))
    }

    private mutating func askToDelete(_ row: TimelineRow, in model: inout AppModel) {
        if row.parent == nil {
            model.notice = ["The beginning can't be deleted; F4 deletes sessions."]
        } else if row.isOnPath {
            model.notice = ["The session stands on this branch: go to another one first."]
        } else {
            question = (.deletion(of: "turn \(row.label) and all after it"), .delete)
        }
    }

    private mutating func answer(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        guard let verb = question?.verb, let row = marked, let outcome = question?.line.press(key) else {
            return .stays
        }
        guard case .answered(let text) = outcome else {
            if outcome == .keeps { question = nil }
            return .stays
        }
        question = nil
        let word = text.isEmpty ? nil : text
        switch verb {
        case .fork: return .closing(model.request(.fork(name: word, turn: row.label)))
        case .bookmark:
            let request = word.map { SessionRequest.bookmark(name: $0, turn: row.label) }
            return OverlayOutcome(effects: model.request(request ?? .removeBookmark(turn: row.label)))
        case .rename: return OverlayOutcome(effects: model.request(.nameBranch(word, turn: row.label)))
        case .delete: return OverlayOutcome(effects: model.request(.removeBranch(turn: row.label)))
        }
    }

    // MARK: - Drawing

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        follow(model)
        var rest = rect
        drawHeading(model, into: &frame, in: rest.takeTop(1))
        let keys = flowing(Self.keys, columns: rest.columns)
        let last = rest.takeBottom(1)
        if let question {
            question.line.draw(model, into: &frame, in: last)
        } else {
            let text = model.noticeLine ?? "Going back never deletes: every branch stays until you press x."
            let style = model.notice.isEmpty ? StyleName.dim : .warn
            frame.put(model.glyphs.truncated(" " + text, to: last.columns), in: last, style: model.theme[style])
        }
        // A low screen keeps its rows for the turns; the keys are in the help.
        let shownKeys = rest.rows >= keys.count + 6 ? keys : Array(keys.prefix(1))
        let keyRows = rest.takeBottom(shownKeys.count)
        for (row, text) in shownKeys.enumerated() {
            frame.put(text, row: row, in: keyRows, style: model.theme[.hint])
        }
        if let difference = model.difference {
            let lines = difference.lines(columns: rest.columns - 2)
            let room = rest.takeBottom(min(lines.count, max(0, rest.rows - 4)))
            for (row, line) in lines.prefix(room.rows).enumerated() {
                frame.put(" " + line, row: row, in: room, style: model.theme[.text])
            }
        }
        drawTurns(model, into: &frame, in: rest)
    }

    /// The names of the columns.
    private func drawHeading(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        let digest = rect.columns >= Self.columnsForDigest ? "hash     " : ""
        let lanes = String(repeating: " ", count: laneColumns)
        frame.put("  \(lanes) #    time   tok  state   \(digest)text", in: rect, style: model.theme[.heading])
    }

    private var laneColumns: Int {
        min(tree.lines.map(\.lanes).max() ?? 0, 6) * 2 + 1
    }

    private mutating func drawTurns(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        if tree.lines.isEmpty { frame.put(" looking \(model.glyphs.ellipsis)", in: rect, style: model.theme[.dim]) }
        let lanes = laneColumns
        for (offset, index) in list.visible(rows: rect.rows).enumerated() {
            let line = tree.lines[index]
            let place = Rect(column: rect.column, row: rect.row + offset, columns: rect.columns, rows: 1)
            let style = style(of: line, isMarked: index == list.marked, model.theme)
            frame.fill(place, style: style)
            let mark = compared.contains(line.row.label) ? "*" : " "
            let lane = TimelineTree.lane(of: line, model.glyphs).padding(to: lanes)
            let text = " \(mark)\(lane) " + columns(of: line.row, model, wide: rect.columns >= Self.columnsForDigest)
            frame.put(model.glyphs.truncated(text, to: place.columns - 1), in: place, style: style)
        }
    }

    private func style(of line: TimelineTree.Line, isMarked: Bool, _ theme: Theme) -> Style {
        theme[isMarked ? .select : line.row.isCurrent ? .prompt : line.row.isOnPath ? .text : .dim]
    }

    private func columns(of row: TimelineRow, _ model: AppModel, wide: Bool) -> String {
        let state = row.placeText
        let time = row.created.map { String(model.timeText($0).suffix(5)) } ?? ""
        let names = [row.branch.map { "\($0): " }, row.bookmark.map { "[\($0)] " }].compactMap { $0 }.joined()
        let numbers = [
            row.label.padding(to: 4), time.padding(to: 5), String(row.tokens).leading(to: 4), state.padding(to: 7),
        ]
        let digest = wide ? row.digest.prefix(8).description.padding(to: 9) : ""
        return numbers.joined(separator: " ") + " " + digest + names + row.title
    }
}

extension TimelineRow {
    /// What its snapshot takes, or what going there takes without one: nothing for a place where nothing was read.
    var placeText: String {
        snapshotBytes.map { ByteText.short($0) } ?? (tokensSeen == 0 ? "empty" : "replay")
    }
}

extension String {
    /// The text with blanks before it up to `columns`.
    func leading(to columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - TextWidth.of(self))) + self
    }
}
