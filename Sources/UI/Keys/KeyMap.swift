import Chat
public import Screen

/// The key tables.
public struct KeyMap: Sendable {
    /// All that one key does.
    public internal(set) var bindings: [KeyBinding]
    /// What follows the prefix key, ^X.
    public internal(set) var afterPrefix: [KeyBinding]
    private var actions: [Key: Action] = [:]
    private var prefixActions: [Key: Action] = [:]

    /// The keys as they are where nobody wants others.
    public static let standard = KeyMap()

    private init() {
        bindings =
            Self.talk + Self.move + Self.edit + Self.state + Self.compare + Self.window
            + Overlays.all.map(\.binding).filter { !$0.keys.isEmpty }
        afterPrefix = Self.prefixed
        index()
    }

    private static let prefixed: [KeyBinding] =
        [
            KeyBinding(.edit, .expandPaste, [.letter("p")], "expand paste"),
            KeyBinding(.window, .copyAnswer, [.letter("y")], "copy the last answer"),
            KeyBinding(.window, .toggleGauges, [.letter("g")], "panel of gauges"),
            KeyBinding(.edit, .editText, [.control("e")], "edit in $EDITOR"),
            KeyBinding(.window, .toggleWrap, [.letter("w")], "wrap long code"),
            KeyBinding(.window, .toggleMouse, [.letter("m")], "mouse wheel"),
            KeyBinding(.state, .command(.fork), [.letter("f")], "fork: a new session"),
            KeyBinding(.state, .command(.undo), [.letter("u")], "undo a turn"),
            KeyBinding(.state, .command(.redo), [.letter("U")], "redo a turn"),
            KeyBinding(.state, .command(.regen), [.letter("r")], "answer again"),
            KeyBinding(.state, .command(.diff), [.letter("d")], "state difference"),
            KeyBinding(.state, .command(.bookmark), [.letter("b")], "bookmark this turn"),
            KeyBinding(.state, .command(.mind), [.letter("s")], "what a token reads"),
            KeyBinding(.compare, .command(.compare), [.letter("c")], "compare models"),
            KeyBinding(.compare, .otherPane, [.letter("o")], "other pane"),
            KeyBinding(.compare, .scrollTogether, [.letter("=")], "scroll together"),
            KeyBinding(.compare, .command(.swap), [.letter("x")], "the other one leads"),
            KeyBinding(.window, .zoom, [.letter("z")], "zoom the pane"),
            KeyBinding(.window, .quit, [.letter("q")], "quit"),
        ] + Overlays.all.compactMap(\.prefixBinding)

    private static let talk = [
        KeyBinding(.talk, .send, [Key(.enter)], "send"),
        KeyBinding(.talk, .newline, [.control("j"), Key(.enter, .alt), Key(.enter, .shift)], "new line", shown: 2),
        KeyBinding(.talk, .complete, [Key(.tab)], "complete a command"),
        KeyBinding(.talk, .completeBack, [Key(.backTab)], "complete backwards"),
        KeyBinding(.talk, .stop, [Key(.escape)], "stop the answer"),
        KeyBinding(.talk, .interrupt, [.control("c")], "stop, clear, or quit"),
        KeyBinding(.talk, .deleteOrQuit, [.control("d")], "delete, quit if empty"),
    ]

    private static let move = [
        KeyBinding(.move, .pageUp, [Key(.pageUp)], "scroll up a page"),
        KeyBinding(.move, .pageDown, [Key(.pageDown)], "scroll down a page"),
        KeyBinding(.move, .wheelUp, [Key(.wheelUp)], "three rows up"),
        KeyBinding(.move, .wheelDown, [Key(.wheelDown)], "three rows down"),
        KeyBinding(.move, .home, [Key(.home)], "line start, or the top"),
        KeyBinding(.move, .end, [Key(.end)], "line end, or follow"),
        KeyBinding(.move, .previousMessage, [Key(.up, .alt)], "message before"),
        KeyBinding(.move, .nextMessage, [Key(.down, .alt)], "message after"),
        KeyBinding(.move, .codeLeft, [Key(.left, .alt)], "long code: left"),
        KeyBinding(.move, .codeRight, [Key(.right, .alt)], "long code: right"),
        KeyBinding(.move, .up, [Key(.up), .control("p")], "line up, then history"),
        KeyBinding(.move, .down, [Key(.down), .control("n")], "line down, then history"),
        KeyBinding(.move, .left, [Key(.left), .control("b")], "left"),
        KeyBinding(.move, .right, [Key(.right), .control("f")], "right"),
        KeyBinding(.move, .wordLeft, [Key(.left, .control), .alt("b")], "word left"),
        KeyBinding(.move, .wordRight, [Key(.right, .control), .alt("f")], "word right"),
        KeyBinding(.move, .lineStart, [.control("a")], "line start"),
        KeyBinding(.move, .lineEnd, [.control("e")], "line end"),
    ]

    private static let edit = [
        KeyBinding(.edit, .backspace, [Key(.backspace), .control("h")], "delete left", shown: 1),
        KeyBinding(.edit, .delete, [Key(.delete)], "delete right"),
        KeyBinding(.edit, .killToEnd, [.control("k")], "cut to the line end"),
        KeyBinding(.edit, .killToStart, [.control("u")], "cut to the line start"),
        KeyBinding(.edit, .killWordBack, [.control("w"), Key(.backspace, .alt)], "cut the word before", shown: 1),
        KeyBinding(.edit, .killWordForward, [.alt("d")], "cut the word after"),
        KeyBinding(.edit, .yank, [.control("y")], "paste what was cut"),
        KeyBinding(.edit, .transpose, [.control("t")], "swap two characters"),
        KeyBinding(.edit, .undo, [.control("_")], "undo typing"),
        KeyBinding(.edit, .redo, [.alt("_")], "redo typing"),
        KeyBinding(.edit, .historyBack, [.alt("p")], "line sent that begins so"),
        KeyBinding(.edit, .historyForward, [.alt("n")], "the next such line"),
    ]

    private static let state = [
        KeyBinding(.state, .command(.fork), [Key(.function(6))], "fork: a new session", barLabel: "Fork"),
        KeyBinding(.state, .command(.mind), [Key(.function(8))], "what a token reads", barLabel: "Mind"),
    ]

    private static let compare = [
        KeyBinding(.compare, .command(.compare), [Key(.function(7))], "compare models, or back", barLabel: "Comp")
    ]

    private static let window = [
        KeyBinding(.window, .prefix, [.control("x")], "more keys, see hints"),
        KeyBinding(.window, .redraw, [.control("l")], "draw everything anew"),
        KeyBinding(.window, .suspend, [.control("z")], "suspend; fg comes back"),
        KeyBinding(.window, .quit, [Key(.function(10))], "quit", barLabel: "Quit"),
        KeyBinding(.window, .dumpFrame, [Key(.function(12))], "save the screen as text"),
    ]

    /// What a key does; nil for one that types itself or does nothing.
    public func action(for key: Key, afterPrefix: Bool) -> Action? {
        afterPrefix ? prefixActions[key] : actions[key]
    }

    /// The prefix key, as the help writes it.
    var prefixLabel: String {
        label(of: .prefix) ?? "^X"
    }

    /// The first key that does something, as the help writes it: `F5`, `^X u`; nil where none does.
    func label(of action: Action) -> String? {
        singleLabel(of: action) ?? prefixedLabel(of: action)
    }

    /// The same for single keys alone.
    func singleLabel(of action: Action) -> String? {
        bindings.first { $0.action == action }?.keys.first?.label
    }

    /// The same for what follows the prefix key: terminals take some function keys.
    func prefixedLabel(of action: Action) -> String? {
        afterPrefix.first { $0.action == action }?.keys.first.map { "\(prefixLabel) \($0.label)" }
    }

    /// What the function keys do, by number.
    var functionKeys: [KeyBinding] {
        bindings.filter { $0.barLabel != nil && $0.functionNumber != nil }
            .sorted { ($0.functionNumber ?? 0) < ($1.functionNumber ?? 0) }
    }

    /// Makes the tables that keys are looked up in.
    mutating func index() {
        actions = Self.table(bindings)
        prefixActions = Self.table(afterPrefix)
    }

    private static func table(_ bindings: [KeyBinding]) -> [Key: Action] {
        var table: [Key: Action] = [:]
        for binding in bindings {
            for key in binding.keys { table[key] = binding.action }
        }
        return table
    }
}
