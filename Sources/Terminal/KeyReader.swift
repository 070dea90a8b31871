internal import CNCurses
internal import Dispatch
internal import Glibc
internal import Screen

/// Turns what comes from the keyboard into events, on the main queue.
final class KeyReader {
    private let deliver: (InputEvent) -> Void
    private let ended: () -> Void
    private var source: (any DispatchSourceRead)?
    private var assembler = KeyAssembler()
    /// The bytes of a paste that isn't whole.
    private var paste: [UInt8]?

    /// - Parameters:
    ///   - deliver: gets each event, in order
    ///   - ended: called once, when the terminal has hung up
    init(deliver: @escaping (InputEvent) -> Void, ended: @escaping () -> Void) {
        self.deliver = deliver
        self.ended = ended
    }

    func start() {
        let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { self?.drain() }
        }
        self.source = source
        source.resume()
    }

    func stop() {
        source?.cancel()
        source = nil
    }

    /// Takes what there is, but so much at most that the rest of the program gets its turn.
    private func drain() {
        guard source != nil else { return }
        cn_guard_thread()
        for count in 0..<4096 {
            let found = paste == nil ? takeEvent() : takePaste()
            if found { continue }
            deliverKeys()
            // A hung-up terminal is readable for ever: going on would spin.
            if count == 0, cn_input_ended() { finish() }
            return
        }
        // ncurses may hold bytes that don't make the descriptor readable.
        DispatchQueue.main.async { [weak self] in
            MainActor.assumeIsolated { self?.drain() }
        }
    }

    private func deliverKeys() {
        for key in assembler.flush() { deliver(.key(key)) }
    }

    /// Returns whether there was one.
    private func takeEvent() -> Bool {
        let event = cn_read_event()
        switch cn_event_kind(rawValue: UInt32(event.kind)) {
        case CN_EVENT_BYTE: assembler.feed(UInt8(truncatingIfNeeded: event.code))
        case CN_EVENT_KEY:
            if let key = Key(event) { assembler.feed(key) }
        case CN_EVENT_PASTE:
            deliverKeys()
            paste = []
        case CN_EVENT_FOCUS:
            deliverKeys()
            deliver(.focus(event.code != 0))
        case CN_EVENT_OTHER: break
        default: return false
        }
        return true
    }

    /// Returns whether there was a byte or the end.
    private func takePaste() -> Bool {
        var ended = false
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = cn_read_pasted(&buffer, buffer.count, &ended)
        paste?.append(contentsOf: buffer[0..<count])
        if ended { deliverPaste() }
        return ended || count > 0
    }

    private func deliverPaste() {
        guard let bytes = paste else { return }
        paste = nil
        deliver(.paste(Self.text(bytes)))
    }

    /// Terminals send CR for each line end of a paste.
    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        text.reserveCapacity(bytes.count)
        // CR LF is one character in Swift.
        for character in String(decoding: bytes, as: UTF8.self) {
            text.append(character == "\r\n" || character == "\r" ? "\n" : character)
        }
        return text
    }

    private func finish() {
        stop()
        // Half a paste is better than none.
        deliverPaste()
        ended()
    }
}

extension Key {
    /// The key that the shim has recognised; nil for one that we have no use for.
    fileprivate init?(_ event: cn_event) {
        let modifiers = Modifiers(rawValue: UInt8(truncatingIfNeeded: event.modifiers))
        let code: Code
        switch cn_key(rawValue: event.code) {
        case CN_KEY_ENTER: code = .enter
        case CN_KEY_TAB: code = .tab
        case CN_KEY_BACKTAB: code = .backTab
        case CN_KEY_BACKSPACE: code = .backspace
        case CN_KEY_DELETE: code = .delete
        case CN_KEY_UP: code = .up
        case CN_KEY_DOWN: code = .down
        case CN_KEY_LEFT: code = .left
        case CN_KEY_RIGHT: code = .right
        case CN_KEY_HOME: code = .home
        case CN_KEY_END: code = .end
        case CN_KEY_PAGE_UP: code = .pageUp
        case CN_KEY_PAGE_DOWN: code = .pageDown
        case CN_KEY_WHEEL_UP: code = .wheelUp
        case CN_KEY_WHEEL_DOWN: code = .wheelDown
        default:
            guard (CN_KEY_FUNCTION.rawValue..<CN_KEY_FUNCTION.rawValue + 24).contains(event.code) else { return nil }
            code = .function(Int(event.code - CN_KEY_FUNCTION.rawValue) + 1)
        }
        self.init(code, modifiers)
    }
}
