import Screen

/// Something that lies over the chat and takes the keys while it is open.
///
/// An overlay is one file and one line in `Overlays.all`.
protocol Overlay: Sendable {
    var name: OverlayName { get }
    /// The part of the screen that it covers.
    var placement: OverlayPlacement { get }
    /// What its first row says.
    func title(_ model: AppModel) -> String
    /// What Esc does, as its first row says.
    var escapeHint: String { get }
    /// What it needs of the program when it opens.
    mutating func open(in model: inout AppModel) -> [Effect]
    /// Takes a key; while it does, the model has no overlay.
    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome
    /// Takes pasted text.
    mutating func paste(_ text: String, in model: inout AppModel)
    /// Puts back what only a preview has changed.
    func cancel(in model: inout AppModel)
    /// Draws itself below its first row; what it changes is only how far it has scrolled.
    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect)
}

extension Overlay {
    var placement: OverlayPlacement { .screen }
    func title(_ model: AppModel) -> String { "hiss \(name.rawValue)" }
    var escapeHint: String { "Esc closes" }
    func open(in model: inout AppModel) -> [Effect] { [] }
    func paste(_ text: String, in model: inout AppModel) {}
    func cancel(in model: inout AppModel) {}
}

/// The part of the screen that an overlay covers.
enum OverlayPlacement: Sendable, Equatable {
    /// All but the key bar.
    case screen
    /// So many columns at the right of the chat, which stays in sight.
    case side(columns: Int)
    /// The row where messages are written.
    case composer
}

/// What a key did to an overlay.
struct OverlayOutcome: Sendable, Equatable {
    var effects: [Effect] = []
    var closes = false

    static let stays = OverlayOutcome()
    static let closes = OverlayOutcome(closes: true)

    static func closing(_ effects: [Effect]) -> OverlayOutcome {
        OverlayOutcome(effects: effects, closes: true)
    }
}

extension AppModel {
    /// Opens an overlay in place of the one that is open, if any.
    mutating func open(_ name: OverlayName) -> [Effect] {
        overlay?.cancel(in: &self)
        if pair != nil, [.timeline, .sessions, .tokens].contains(name) {
            notice = ["Turns and sessions are the chat's; /compare goes back to it."]
            return []
        }
        guard let entry = Overlays.all.first(where: { $0.name == name }) else { return [] }
        return show(entry.make(self))
    }

    /// Shows an overlay.
    mutating func show(_ opened: any Overlay) -> [Effect] {
        var opened = opened
        // It was about what is covered now.
        notice = []
        let effects = opened.open(in: &self)
        overlay = opened
        return effects
    }

    /// Gives a key to the open overlay, but for those that mean the same everywhere.
    mutating func pressInOverlay(_ key: Key) -> [Effect] {
        guard var open = overlay else { return [] }
        switch keys.action(for: key, afterPrefix: false) {
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .dumpFrame: return [.dumpFrame]
        case .quit: return quit()
        case .interrupt:
            close()
            return []
        case .overlay(let name):
            let isSame = open.name == name
            close()
            return isSame ? [] : self.open(name)
        default:
            overlay = nil
            let outcome = open.press(key, in: &self)
            if !outcome.closes { overlay = open }
            return outcome.effects
        }
    }

    /// Gives pasted text to the open overlay.
    mutating func pasteInOverlay(_ text: String) {
        guard var open = overlay else { return }
        overlay = nil
        open.paste(text, in: &self)
        overlay = open
    }

    private mutating func close() {
        overlay?.cancel(in: &self)
        overlay = nil
    }
}
