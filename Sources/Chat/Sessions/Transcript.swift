/// What was said in a session, to be read: the way to where it stands.
public enum Transcript {
    /// The transcript in Markdown, with a heading for each who speaks.
    public static func markdown(_ session: SessionInfo, _ turns: [TurnRecord]) -> String {
        let head = ["# \(session.name)", "\(session.model.name), \(session.tokensSeen) tokens read."]
        let system = session.systemPrompt.map { ["> " + $0.replacing("\n", with: "\n> ")] } ?? []
        let said = messages(session, turns).map { message in
            "## \(message.role == .user ? "You" : session.model.name)\n\n\(message.text)"
        }
        return (head + system + said).joined(separator: "\n\n") + "\n"
    }

    /// The transcript as plain text, each message under its speaker's name.
    public static func plain(_ session: SessionInfo, _ turns: [TurnRecord]) -> String {
        let system = session.systemPrompt.map { ["system:\n" + $0] } ?? []
        let said = messages(session, turns).map { message in
            "\(message.role == .user ? "you" : session.model.name):\n\(message.text)"
        }
        return (system + said).joined(separator: "\n\n") + "\n"
    }

    /// Questions and answers on the way to where the session stands; an answer with what went on with it.
    public static func messages(_ session: SessionInfo, _ turns: [TurnRecord]) -> [ChatMessage] {
        Timeline(turns, current: session.current).map { $0.said(on: $0.path).map(\.message) } ?? []
    }
}
