import Chat
import Screen
import UI

/// Sessions as lines of text.
enum SessionListing {
    /// A session a line, with where words were found below it.
    static func text(_ sessions: [SessionInfo], found: [FoundTurn] = []) -> String {
        guard !sessions.isEmpty else { return "no sessions\n" }
        let width = sessions.map { TextWidth.of($0.name) }.max() ?? 0
        let turns = sessions.map { "\($0.turns)" }
        let turnWidth = turns.map(\.count).max() ?? 0
        return zip(sessions, turns).map { session, turns in
            let name = session.name + String(repeating: " ", count: width - TextWidth.of(session.name))
            let count =
                String(repeating: " ", count: turnWidth - turns.count) + turns + (turns == "1" ? " turn " : " turns")
            let words = (session.isPersona ? "(persona) " : "") + session.firstWords
            let line =
                "\(name)  \(WallClockText.text(session.changed))  \(count)  \(session.tokensSeen) tok  "
                + "\(ByteText.short(session.snapshotBytes))  \(session.model.name)  \(words)"
            let places = found.filter { $0.session == session.id }.prefix(3).map { "    " + excerpt($0) }
            return ([line] + places).map { InertText.plain($0) + "\n" }.joined()
        }.joined()
    }

    /// The text around found words in one line, without the marks around the words.
    static func excerpt(_ found: FoundTurn) -> String {
        let text = found.excerpt.filter { !["\u{2068}", "\u{2069}"].contains($0) }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
