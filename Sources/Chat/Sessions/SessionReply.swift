/// What came of a `SessionRequest`.
public enum SessionReply: Sendable {
    /// The conversation stands at another place.
    case place(ChatSession.Place)
    case timeline([TimelineRow])
    case sessions([SessionInfo], found: [FoundTurn])
    case difference(StateDifference)
    case tokens(TokenPlace)
    case state(StateReading)
    case speed(SpeedReading)
    case insight(Insight)
    /// It is done, and there is nothing to tell.
    case nothing
    /// It is done, and this is what to tell the reader.
    case done(String)
}
