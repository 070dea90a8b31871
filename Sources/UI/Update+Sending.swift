import Chat
import Screen

extension AppModel {
    /// Enter: sends the text or does the command, or says why not; then the text stays.
    mutating func send() -> [Effect] {
        let text = composer.text
        guard !text.allSatisfy(\.isWhitespace) else { return [] }
        notice = []
        switch SubmittedLine(text) {
        case .message(let message): return ask(message, written: text)
        case .command(let name, let argument): return run(name, argument, written: text)
        case .unknown(let word, let nearest):
            let guess = nearest.map { "Did you mean /\($0.rawValue)?" } ?? "/help lists all."
            notice = ["There is no /\(glyphs.truncated(word, to: 16)). \(guess) // sends a slash."]
            return []
        }
    }

    private mutating func ask(_ message: String, written: String) -> [Effect] {
        if pair != nil { return askPair(message, written: written) }
        switch engine {
        case .loading:
            sendsWhenLoaded = true
            return []
        case .failed(let failure):
            notice = ["There is no model to ask: \(failure.what)"]
            return []
        case .ready(let summary):
            // The hints say what Esc does; the text waits in the composer.
            guard !isBusy else { return [] }
            finishLine()
            transcript.removeWelcome()
            transcript.append(TranscriptEntry(kind: .user, text: message, clock: clock))
            turn += 1
            expectAnswer(of: summary)
            return [.remember(written), .ask(message)]
        }
    }

    /// Shows an answer of which nothing has come yet.
    ///
    /// - Parameter name: what its header calls the model; nil is the model's own name
    mutating func expectAnswer(of summary: ModelSummary, named name: String? = nil) {
        transcript.append(
            TranscriptEntry(kind: .model(name ?? summary.name, TranscriptEntry.Answer()), text: "", clock: clock))
        transcript.follow()
        readings.beginTurn()
        activity = .reading(done: 0, total: 0)
    }

    /// Does a command; one that can't be done now says why, and its line stays.
    mutating func run(_ name: Command.Name, _ argument: String, written: String) -> [Effect] {
        if isBusy, Command.all.contains(where: { $0.name == name && !$0.whileGenerating }) {
            notice = ["/\(name.rawValue) has to wait for the answer's end; Esc stops it."]
            return []
        }
        if let refusal = Command.refusal(of: name, argument: argument) {
            notice = [refusal + "."]
            return []
        }
        if pair != nil, Self.chatCommands.contains(name) {
            notice = ["/\(name.rawValue) is for the chat; /compare goes back to it."]
            return []
        }
        var effects: [Effect] = [.remember(written)]
        switch name {
        case .help:
            finishLine()
            return effects + show(HelpOverlay(keys, filter: argument))
        case .keys:
            finishLine()
            return effects + show(HelpOverlay(keys))
        case .find:
            finishLine()
            return effects + show(FindOverlay(argument))
        case .set: return set(argument, effects)
        case .seed: return set("seed \(argument)", effects)
        case .meters: return set("meters \(argument)", effects)
        case .resetSettings:
            finishLine()
            resetSettings()
            return effects
        case .stop:
            finishLine()
            let stopped = stopAnswer()
            if stopped.isEmpty { notice = ["There is no answer to stop."] }
            return effects + stopped
        case .file:
            let path = argument.trimmingBlanks
            guard !path.isEmpty else {
                notice = ["/file needs the file's path."]
                return []
            }
            effects.append(.readFile(path))
        case .editFile: effects.append(.editText(argument))
        case .prefill:
            // A blank at the end would be a token that the model never chooses there.
            opening = argument.trimmingBlanks
            finishLine()
            let first = opening.prefix { !$0.isNewline }
            let shown = glyphs.truncated(String(first) + (first.count < opening.count ? glyphs.ellipsis : ""), to: 48)
            notice = [
                opening.isEmpty ? "The next answer begins as the model will." : "The next answer begins with: \(shown)"
            ]
            return effects
        case .models: effects.append(.report(.models))
        case .model where argument.trimmingBlanks.isEmpty: effects.append(.report(.model))
        case .model:
            guard engine != .loading else {
                notice = ["/model has to wait until the first model is loaded."]
                return []
            }
            activity = .loading
            effects.append(.loadModel(argument.trimmingBlanks))
        case .info: effects.append(.report(.info))
        case .doctor: effects.append(.report(.doctor))
        case .log: showNote(log.text)
        case .theme:
            finishLine()
            return effects + (argument.isEmpty ? open(.theme) : [.loadTheme(argument.trimmingBlanks)])
        case .copy:
            let copied = copy(argument)
            guard !copied.isEmpty else { return [] }
            effects += copied
        case .ascii:
            guard let isOn = isOn(argument, unless: glyphs == .ascii, of: name) else { return [] }
            glyphs = isOn ? .ascii : .unicode
        case .wrap:
            guard let isOn = isOn(argument, unless: wrapsCode, of: name) else { return [] }
            return set("wrap \(isOn ? "on" : "off")", effects)
        case .mouse:
            guard let isOn = isOn(argument, unless: usesMouse, of: name) else { return [] }
            finishLine()
            setMouse(isOn)
            return effects
        case .dumpFrame: effects.append(.dumpFrame)
        case .stats:
            let text = pair.map { pair in
                let strip = DifferenceStrip(pair.last, isOpen: false, theme: theme, glyphs: glyphs)
                return PairReport.text(pair, names: rowNames(pair), strip: strip.line)
            }
            showNote(text ?? Gauges.report(readings))
        case .quit:
            finishLine()
            return effects + quit()
        case .edit where argument.trimmingBlanks.isEmpty: return editLast()
        case .compare, .lockstep, .vote, .swap, .blind:
            guard let more = compare(name, argument) else { return [] }
            let said = notice
            finishLine()
            notice = said
            return effects + more
        case .regen, .continue, .edit, .ask, .pick, .undo, .redo, .goto, .time, .fork, .branch, .bookmark, .diff, .step,
            .mind, .merge, .state, .bench, .system, .save, .load, .sessions, .rename, .export, .import, .persona:
            guard let more = ask(name, argument) else { return [] }
            finishLine()
            return effects + more
        case .reset where pair != nil:
            guard pair?.isReady == true else {
                notice = ["/reset needs loaded models."]
                return []
            }
            effects += resetPair(systemPrompt: argument.isEmpty ? nil : argument)
        case .reset:
            guard case .ready = engine else {
                notice = ["/reset needs a loaded model."]
                return []
            }
            activity = .resetting
            effects.append(.reset(systemPrompt: argument.isEmpty ? nil : argument))
        }
        finishLine()
        return effects
    }

    /// `/set`, and the commands that stand for one setting; where it can't be done the line stays.
    private mutating func set(_ argument: String, _ effects: [Effect]) -> [Effect] {
        let (more, isDone) = set(argument)
        guard isDone else { return [] }
        let said = notice
        finishLine()
        notice = said
        return effects + more
    }

    /// Reads `on` or `off`; without a word it is the opposite of `current`.
    ///
    /// Nil says that it is neither, and a notice what it can be.
    mutating func isOn(_ argument: String, unless current: Bool, of name: Command.Name) -> Bool? {
        switch argument.trimmingBlanks {
        case "": return !current
        case "on": return true
        case "off": return false
        case let other:
            notice = ["/\(name.rawValue) takes on or off, not '\(glyphs.truncated(other, to: 16))'."]
            return nil
        }
    }

    mutating func showNote(_ text: String) {
        show(TranscriptEntry(kind: .note, text: text, clock: clock))
    }

    private mutating func show(_ entry: TranscriptEntry) {
        transcript.append(entry)
        transcript.showBeginningOfLast(rows: ScreenLayout(self).chat.rows)
    }
}

extension StringProtocol {
    /// The text without blanks at its ends.
    var trimmingBlanks: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
