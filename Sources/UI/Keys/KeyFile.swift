import Chat
import Screen

/// What is wrong with a file of keys.
public struct KeyFileError: Error, Equatable {
    /// The line, from 1; nil where it is the whole file.
    public var line: Int?
    public var what: String
    /// What is right instead.
    public var why: String
}

extension KeyMap {
    /// The word that takes a key away from what it does.
    private static let nothing = "none"

    /// The standard keys with those of a file: `KEY ACTION`, or `^X KEY ACTION` for what follows the prefix key.
    ///
    /// A key means what the last line says that names it; `none` takes it away. What isn't named stays as it is.
    ///
    /// - Throws: `KeyFileError` with the line
    public init(file text: String) throws {
        self = .standard
        var afterPrefix: [(line: Int, words: [String])] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = Self.words(of: line)
            guard !words.isEmpty else { continue }
            // `^X u undo` has a key in second place, `F8 /set temp 0` hasn't: an action begins with a slash or is long.
            if words.count >= 3, Key(label: words[1]) != nil {
                afterPrefix.append((index + 1, words))
                continue
            }
            guard words.count >= 2 else { throw Self.missingAction(words, line: index + 1) }
            let key = try Self.key(words[0], line: index + 1)
            guard !key.typesItself else {
                throw KeyFileError(
                    line: index + 1, what: "'\(words[0])' types itself",
                    why: "take a key with ^ (Ctrl) or M- (Alt), or a function key; after the prefix key any will do")
            }
            let action = try Self.action(words.dropFirst(), line: index + 1)
            Self.bind(key, to: action, in: &bindings, standard: Self.standard.bindings + Self.standard.afterPrefix)
        }
        let prefix = bindings.first { $0.action == .prefix }
        for (line, words) in afterPrefix {
            let first = try Self.key(words[0], line: line)
            guard prefix?.keys.contains(first) == true else {
                throw KeyFileError(
                    line: line, what: "'\(words[0])' is not the key that others follow",
                    why: prefix.map { "that is \($0.label)" } ?? "no key is bound to prefix")
            }
            let action = try Self.action(words.dropFirst(2), line: line)
            Self.bind(
                try Self.key(words[1], line: line), to: action, in: &self.afterPrefix,
                standard: Self.standard.afterPrefix + Self.standard.bindings)
        }
        let bound = Set((bindings + (prefix == nil ? [] : self.afterPrefix)).map(\.action))
        guard bound.contains(.send) else {
            throw KeyFileError(what: "no key sends any more", why: "one line has to end in 'send'")
        }
        guard !bound.isDisjoint(with: [.quit, .interrupt, .deleteOrQuit]) else {
            throw KeyFileError(
                what: "no key leaves any more", why: "one line has to end in 'quit', 'interrupt' or 'delete-or-quit'")
        }
        index()
    }

    /// The keys in the form that `init(file:)` reads.
    public var fileText: String {
        let prefix = bindings.first { $0.action == .prefix }?.keys.first?.label ?? "^X"
        let single = bindings.flatMap { binding in binding.keys.map { ($0.label, binding) } }
        let after = afterPrefix.flatMap { binding in binding.keys.map { ("\(prefix) \($0.label)", binding) } }
        let rows = single + after
        let columns = (rows.map { $0.0.count }.max() ?? 0) + 2
        let actions = (rows.map { $0.1.action.name.count }.max() ?? 0) + 2
        let taken =
            Self.missing(from: bindings, standard: Self.standard.bindings).map { $0.label }
            + Self.missing(from: afterPrefix, standard: Self.standard.afterPrefix).map { "\(prefix) \($0.label)" }
        let lines = rows.map { key, binding in
            key.padding(to: columns) + binding.action.name.padding(to: actions) + "# " + binding.help
        }
        return """
            # The keys of hiss: KEY ACTION, or \(prefix) KEY ACTION; 'none' takes a key away.
            # ^A is Ctrl-A, M-b Alt-B, S- Shift, C-Left Ctrl-Left. An action may be a command: F8 /set temp 0

            """ + (lines + taken.map { "\($0) \(Self.nothing)" }).joined(separator: "\n") + "\n"
    }

    /// The standard's keys that do nothing here.
    private static func missing(from bindings: [KeyBinding], standard: [KeyBinding]) -> [Key] {
        let bound = Set(bindings.flatMap(\.keys))
        return standard.flatMap(\.keys).filter { !bound.contains($0) }
    }

    // MARK: - Reading

    /// The words of a line up to a comment; a `#` in second place may be a key.
    private static func words(of line: Substring) -> [String] {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, !first.hasPrefix("#") else { return [] }
        let end = words.indices.first { $0 >= 2 && words[$0].hasPrefix("#") } ?? words.count
        return Array(words[..<end])
    }

    private static func key(_ label: String, line: Int) throws -> Key {
        guard let key = Key(label: label) else {
            throw KeyFileError(
                line: line, what: "there is no key '\(label)'",
                why: "keys are ^A (Ctrl-A), M-b (Alt-B), S-Tab, C-Left, Enter, Esc, PgUp, Home, F1 to F24 and such")
        }
        return key
    }

    private static func missingAction(_ words: [String], line: Int) -> KeyFileError {
        KeyFileError(
            line: line, what: "'\(words.joined(separator: " "))' says not what the key does",
            why: "a line is KEY ACTION; hiss keys --standard has them all")
    }

    /// The action of these words; nil for the one that takes a key away.
    private static func action(_ words: ArraySlice<String>, line: Int) throws -> Action? {
        guard let word = words.first else { throw missingAction([], line: line) }
        if word == nothing { return nil }
        if let action = Action(name: words.joined(separator: " ")) { return action }
        let near = Action.named.map(\.name).min { word.distance(to: $0) < word.distance(to: $1) }
        let isNear = near.map { word.distance(to: $0) <= 2 } ?? false
        throw KeyFileError(
            line: line, what: "there is no action '\(words.joined(separator: " "))'",
            why: isNear
                ? "did you mean '\(near ?? "")'?"
                : "there are \(Action.named.map(\.name).joined(separator: ", ")), none, and every /command")
    }

    /// Gives a key another meaning.
    private static func bind(
        _ key: Key, to action: Action?, in bindings: inout [KeyBinding], standard: [KeyBinding]
    ) {
        if bindings.contains(where: { $0.action == action && $0.keys.contains(key) }) { return }
        for index in bindings.indices { bindings[index].remove(key) }
        bindings.removeAll(where: \.keys.isEmpty)
        guard let action else { return }
        if let index = bindings.firstIndex(where: { $0.action == action }) {
            bindings[index].add(key)
        } else if var binding = standard.first(where: { $0.action == action }) {
            binding.keys = []
            binding.add(key)
            bindings.append(binding)
        } else {
            bindings.append(KeyBinding(.window, action, [key], action.summary))
        }
    }
}

extension Action {
    /// What a key does that the standard has no key for.
    fileprivate var summary: String {
        guard case .command(let name, let argument) = self else { return name }
        let summary = Command.all.first { $0.name == name }?.summary ?? ""
        return argument.isEmpty ? summary : self.name
    }
}
