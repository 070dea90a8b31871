public import Chat
import Screen

/// What a slash command can be completed to, and which of that stands in the composer.
struct Completion: Sendable, Equatable {
    var candidates: [CommandCompletion.Candidate]
    /// The one that stands in the composer.
    var marked: Int?

    /// The candidates for a line that begins with a slash; nil if there are none.
    init?(_ line: String, _ model: AppModel) {
        candidates = CommandCompletion.candidates(for: line) { model.words(at: $0) }
        if candidates.isEmpty { return nil }
    }

    /// The rows of the list.
    var rows: [String] {
        let columns = (candidates.map { TextWidth.of($0.label) }.max() ?? 0) + 2
        return candidates.map { $0.help.isEmpty ? $0.label : $0.label.padding(to: columns) + $0.help }
    }

    /// Goes to the next candidate, or the one before, and returns the line then.
    ///
    /// The first time, what all candidates begin with is enough if it is more than `line`.
    mutating func step(_ direction: Int, from line: String) -> String {
        if marked == nil, let common = commonBeginning, common.count > line.count { return common }
        let count = candidates.count
        let next = marked.map { ($0 + direction + count) % count } ?? (direction < 0 ? count - 1 : 0)
        marked = next
        return candidates[next].line
    }

    private var commonBeginning: String? {
        guard let first = candidates.first else { return nil }
        return candidates.dropFirst().reduce(first.line) { common, candidate in
            String(zip(common, candidate.line).prefix { $0 == $1 }.map(\.0))
        }
    }
}

extension AppModel {
    /// The words that can stand at a place, as far as they are known.
    fileprivate func words(at place: CommandCompletion.Place) -> [CommandCompletion.Word] {
        typealias Word = CommandCompletion.Word
        return switch place.words {
        case .settings: ChatSettings.all.map { Word($0.name, "\($0.value(self)): \($0.summary)") }
        case .settingValues: place.before.first.flatMap { ChatSettings.named($0) }?.words.map { Word($0) } ?? []
        case .themes: themes.map { Word($0.name, $0.theme?.background.rawValue ?? "wrong") }
        case .sessions: (sessions ?? []).filter { !$0.isPersona }.map { Word($0.name, "\($0.turns) turns") }
        case .personas: (sessions ?? []).filter(\.isPersona).map { Word($0.name, "persona") }
        case .turns: CommandCompletion.words(of: timeline)
        case .models, .files: foundWords?.search == WordSearch(place) ? foundWords?.words ?? [] : []
        case .listed, .commands: []
        }
    }

    /// Lists what the command that is being written can become, and asks for what only the program knows.
    mutating func listCompletions() -> [Effect] {
        let buffer = composer.buffer
        completion = buffer.isCommand && buffer.cursor == buffer.elements.count ? Completion(buffer.text, self) : nil
        guard buffer.isCommand, let place = CommandCompletion.place(in: buffer.text) else {
            sought = nil
            return []
        }
        switch place.words {
        case .themes where themes.isEmpty: return [.listThemes]
        // What changes is asked for once for each line.
        case .sessions where sought != .sessions, .personas where sought != .personas:
            sought = place.words
            return [.session(.sessions(matching: nil))]
        case .turns where sought != .turns:
            sought = .turns
            return [.session(.timeline)]
        case .models, .files:
            guard let search = WordSearch(place), search != foundWords?.search, search != soughtWords else { return [] }
            soughtWords = search
            return [.findWords(search)]
        default: return []
        }
    }

    /// Takes in what was asked for while a command is being written.
    mutating func take(_ words: [CommandCompletion.Word], of search: WordSearch) -> [Effect] {
        foundWords = FoundWords(search: search, words: words)
        soughtWords = nil
        return overlay == nil ? listCompletions() : []
    }

    /// Tab: writes the next way in which the command can go on.
    mutating func complete(_ direction: Int) -> [Effect] {
        guard var list = completion ?? Completion(composer.text, self) else { return [] }
        let line = list.step(direction, from: composer.text)
        let effects = edit { $0.set(line) }
        // A line that is decided is where the next list begins.
        completion = list.candidates.count == 1 || list.marked == nil ? Completion(line, self) : list
        return effects
    }
}

/// Words that only the program can find.
public enum WordSearch: Sendable, Equatable {
    case models
    /// The files of a folder, which is written as it was begun; hidden ones have to be asked for.
    case files(folder: String, hidden: Bool)

    public init?(_ place: CommandCompletion.Place) {
        switch place.words {
        case .models: self = .models
        case .files:
            let folder = place.begun.lastIndex(of: "/").map { String(place.begun[...$0]) } ?? ""
            self = .files(folder: folder, hidden: place.begun.dropFirst(folder.count).hasPrefix("."))
        default: return nil
        }
    }
}

/// What was found of words.
struct FoundWords: Sendable, Equatable {
    var search: WordSearch
    var words: [CommandCompletion.Word]
}
