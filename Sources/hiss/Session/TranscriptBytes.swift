import Chat
import JSON

/// A session's transcript as the bytes of a file.
enum TranscriptBytes {
    /// The transcript in a form; `.hiss`, which is no transcript, has the JSON one.
    static func bytes(_ format: TranscriptFormat, _ session: SessionInfo, _ turns: [TurnRecord]) -> [UInt8] {
        switch format {
        case .md: Array(Transcript.markdown(session, turns).utf8)
        case .txt: Array(Transcript.plain(session, turns).utf8)
        case .json, .hiss: json(session, turns)
        }
    }

    /// The session with all its turns, on all branches.
    private static func json(_ session: SessionInfo, _ turns: [TurnRecord]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.fields(of: session)
        json.key("timeline")
        json.beginArray()
        for row in Timeline(turns, current: session.current)?.rows ?? [] { json.write(row) }
        json.endArray()
        json.endObject()
        json.newline()
        return json.drain()
    }
}
