import Chat
import Screen

extension AppModel {
    private var layout: ScreenLayout { ScreenLayout(self) }

    /// Does what a key means in this moment.
    mutating func press(_ key: Key) -> [Effect] {
        let before = pending
        pending = .nothing
        defer {
            if options.editMode == .vi, vi.mode == .normal { ViKeys.stayOnLine(&composer.buffer) }
            showCursor()
        }
        let afterPrefix =
            switch before {
            case .prefix, .prefixListed: true
            case .nothing, .quit, .timeline: false
            }
        if !afterPrefix, let effects = pressVi(key) { return effects }
        if let action = keys.action(for: key, afterPrefix: afterPrefix) {
            return perform(action, before: before)
        }
        // A question that is only a mark is rarely meant for the model.
        if !afterPrefix, key == .letter("?"), composer.isEmpty { return open(.help) }
        if afterPrefix, key.code != .escape {
            let help = keys.prefixedLabel(of: .overlay(.help)).map { "; \($0) lists the keys" } ?? ""
            notice = ["\(keys.prefixLabel) \(key.label) does nothing\(help)."]
        }
        guard !afterPrefix, case .character(let character) = key.code, key.modifiers.isDisjoint(with: [.control, .alt])
        else { return [] }
        return edit { $0.type(character) }
    }

    /// Changes the text; what was said about the old one goes.
    mutating func edit(_ change: (inout EditBuffer) -> Void) -> [Effect] {
        notice = []
        sendsWhenLoaded = false
        pending = .nothing
        change(&composer.buffer)
        let effects = listCompletions()
        showCursor()
        return effects
    }

    /// Puts the line into the history and leaves an empty one.
    mutating func finishLine() {
        composer.finish()
        completion = nil
        vi.insert()
    }

    private mutating func showCursor() {
        composer.showCursor(rows: layout.composer.rows)
    }

    /// Does what a key means, whichever way it was reached.
    mutating func perform(_ action: Action) -> [Effect] {
        perform(action, before: .nothing)
    }

    private mutating func perform(_ action: Action, before: Pending) -> [Effect] {
        switch action {
        case .send: return send()
        case .stop: return stop(before: before)
        case .command(let name, let argument): return perform(name, argument)
        case .interrupt: return interrupt(before: before)
        case .deleteOrQuit: return composer.isEmpty ? quit() : edit { $0.deleteForward() }
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .quit: return quit()
        case .overlay(let name): return open(name)
        case .copyAnswer: return copy("")
        case .dumpFrame: return [.dumpFrame]
        case .toggleGauges: toggleGauges()
        case .toggleMouse: setMouse(!usesMouse)
        case .toggleWrap: _ = set("wrap \(wrapsCode ? "off" : "on")")
        case .editText: return [.editText(composer.text)]
        case .otherPane: focusOtherPane()
        case .zoom: toggleZoom()
        case .scrollTogether: toggleScrollTogether()
        case .complete: return complete(1)
        case .completeBack: return complete(-1)
        case .prefix: pending = .prefix(due: nil)
        case .pageUp, .pageDown, .wheelUp, .wheelDown, .home, .end, .previousMessage, .nextMessage: scroll(action)
        case .up: recall { $0.up() }
        case .down: recall { $0.down() }
        case .historyBack, .historyForward:
            let direction = action == .historyBack ? -1 : 1
            var isFound = false
            recall { isFound = $0.searchHistory(direction) }
            if !isFound { notice = ["No other line that was sent begins so."] }
        case .codeLeft, .codeRight: scrollCode(action == .codeLeft ? -1 : 1)
        default: return performEditing(action)
        }
        return []
    }

    private mutating func performEditing(_ action: Action) -> [Effect] {
        switch action {
        case .left: composer.buffer.move(to: composer.buffer.cursor - 1)
        case .right: composer.buffer.move(to: composer.buffer.cursor + 1)
        case .wordLeft: composer.buffer.move(to: composer.buffer.wordStart)
        case .wordRight: composer.buffer.move(to: composer.buffer.wordEnd)
        case .lineStart: composer.buffer.move(to: composer.buffer.lineStart)
        case .lineEnd: composer.buffer.move(to: composer.buffer.lineEnd)
        case .newline: return edit { $0.type("\n") }
        case .backspace: return edit { $0.backspace() }
        case .delete: return edit { $0.deleteForward() }
        case .killToEnd: return edit { $0.killToEnd() }
        case .killToStart: return edit { $0.killToStart() }
        case .killWordBack: return edit { $0.killWordBack() }
        case .killWordForward: return edit { $0.killWordForward() }
        case .yank: return edit { $0.yank() }
        case .transpose: return edit { $0.transpose() }
        case .undo: return edit { $0.undo() }
        case .redo: return edit { $0.redo() }
        case .expandPaste:
            guard composer.buffer.hasFoldedPaste else {
                notice = ["There is no folded paste to expand."]
                return []
            }
            return edit { $0.expandPastes() }
        default: break
        }
        return []
    }

    /// Takes the wheel for scrolling, or leaves the mouse to the terminal.
    mutating func setMouse(_ isOn: Bool) {
        usesMouse = isOn
        notice = [isOn ? "The wheel scrolls; hold Shift to select text." : "The mouse is the terminal's again."]
    }

    /// Shows the panel of meters, or takes it away.
    private mutating func toggleGauges() {
        guard pair == nil else {
            _ = open(.figures)
            return
        }
        setMeters(showsPanel ? Dictionary(uniqueKeysWithValues: MeterName.allCases.map { ($0, .off) }) : [:])
        guard size.columns < SidePanel.minimumScreenColumns else { return }
        notice = ["The panel of gauges needs \(SidePanel.minimumScreenColumns) columns; there are \(size.columns)."]
    }

    /// Takes another line into the composer, which isn't queued any more.
    private mutating func recall(_ move: (inout Composer) -> Void) {
        let before = composer.buffer.version
        move(&composer)
        guard composer.buffer.version != before else { return }
        notice = []
        sendsWhenLoaded = false
        _ = listCompletions()
    }

    /// Columns that one step scrolls long code.
    private static let codeColumns = 8

    private mutating func scrollCode(_ direction: Int) {
        guard !wrapsCode else {
            let key = keys.label(of: .toggleWrap).map { "\($0) or " } ?? ""
            notice = ["Long code is broken at the edge; \(key)/wrap off cuts it, to be scrolled sideways."]
            return
        }
        let rows = layout.chat.rows
        if !transcript.scrollCode(by: direction * Self.codeColumns, rows: rows), direction > 0 {
            notice = ["No code on the screen goes further to the right."]
        }
    }

    /// Rows that one step of the wheel scrolls.
    private static let wheelRows = 3

    private mutating func scroll(_ action: Action) {
        scrollPane(action)
        guard pair?.scrollsTogether == true, composer.isEmpty || ![.home, .end].contains(action) else { return }
        on(focusedSide.other) { $0.scrollPane(action) }
    }

    private mutating func scrollPane(_ action: Action) {
        let rows = layout.chat.rows
        switch action {
        case .pageUp: transcript.scroll(by: -max(1, rows - 1), rows: rows)
        case .pageDown: transcript.scroll(by: max(1, rows - 1), rows: rows)
        case .wheelUp: transcript.scroll(by: -Self.wheelRows, rows: rows)
        case .wheelDown: transcript.scroll(by: Self.wheelRows, rows: rows)
        case .home where composer.isEmpty: transcript.scrollToTop(rows: rows)
        case .end where composer.isEmpty: transcript.follow()
        case .home: composer.buffer.move(to: composer.buffer.lineStart)
        case .end: composer.buffer.move(to: composer.buffer.lineEnd)
        case .previousMessage: transcript.scrollByMessage(-1, rows: rows)
        case .nextMessage: transcript.scrollByMessage(1, rows: rows)
        default: break
        }
    }

    /// Esc: takes back what is queued, else stops the answer; the text stays.
    ///
    /// Twice with nothing to stop and nothing written it opens the timeline.
    private mutating func stop(before: Pending) -> [Effect] {
        notice = []
        if sendsWhenLoaded || completion != nil {
            sendsWhenLoaded = false
            completion = nil
            return []
        }
        guard !isBusy, composer.isEmpty, case .ready = engine else { return stopAnswer() }
        guard pair == nil else { return [] }
        if before == .timeline { return open(.timeline) }
        pending = .timeline
        return []
    }

    mutating func stopAnswer() -> [Effect] {
        if pair != nil { return stopPair() }
        switch activity {
        case .answering, .reading:
            activity = .stopping
            return [.stop]
        case .measuring:
            return [.stop]
        case .idle, .stopping, .resetting, .moving, .loading:
            return []
        }
    }

    /// ^C: stops the answer, else puts the text into the history, else asks for another ^C to quit.
    private mutating func interrupt(before: Pending) -> [Effect] {
        notice = []
        sendsWhenLoaded = false
        let effects = stopAnswer()
        if !effects.isEmpty { return effects }
        guard composer.isEmpty else {
            let text = composer.text
            finishLine()
            return [.remember(text)]
        }
        if case .quit = before { return quit() }
        pending = .quit(until: nil)
        return []
    }

    /// Leaves; what is written and not sent goes into the history.
    mutating func quit() -> [Effect] {
        let text = composer.text
        let draft: [Effect] = text.allSatisfy(\.isWhitespace) ? [] : [.remember(text)]
        return stopAnswer() + draft + [.quit]
    }
}
