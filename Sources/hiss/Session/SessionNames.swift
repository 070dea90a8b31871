import ArgumentParser
import Chat
import Launch

/// The names of sessions, for shells that complete a command line.
enum SessionNames {
    /// Asks the store; where that can't be read there is nothing to complete.
    static let completion = CompletionKind.custom { _, _, _ in
        await all()
    }

    /// Every session's name, the one that was changed last first.
    static func all() async -> [String] {
        guard let store = try? SessionPlace.existing(in: .current) else { return [] }
        return ((try? await store.sessions(matching: nil)) ?? []).map(\.name)
    }
}
