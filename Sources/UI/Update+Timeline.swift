import Chat
import Screen

extension AppModel {
    /// Does a command of the timeline; nil leaves its line where it is, and a notice says why.
    mutating func go(_ name: Command.Name, _ argument: String) -> [Effect]? {
        guard case .ready(let summary) = engine else {
            notice = ["/\(name.rawValue) needs a loaded model."]
            return nil
        }
        if name == .time { return [.listTurns] }
        if name == .regen {
            guard turn > 0 else {
                notice = ["/regen answers the last question again, and there is none."]
                return nil
            }
            expectAnswer(of: summary)
            return [.askAgain]
        }
        guard let move = ChatSession.Move(name, argument: argument) else {
            let expected = name == .goto ? "a turn's number, as /time lists them" : "a number of turns, 1 or more"
            notice = ["/\(name.rawValue) takes \(expected)."]
            return nil
        }
        activity = .moving
        return [.go(move)]
    }

    /// Shows the conversation up to the turn where it stands, or why it stands where it stood.
    mutating func finishMove(_ result: Result<ChatSession.Place, ChatFailure>) {
        activity = .idle
        switch result {
        case .failure(let failure):
            notice = ["\(failure.what): \(failure.why ?? "")"]
        case .success(let place):
            guard case .ready(let summary) = engine else { return }
            var answer = TranscriptEntry.Answer()
            answer.progress = .finished(.endOfTurn)
            let said = place.messages.map { message in
                TranscriptEntry(
                    kind: message.role == .user ? .user : .model(summary.name, answer), text: message.text, clock: "")
            }
            transcript.replace(with: said + [TranscriptEntry(kind: .note, text: place.note, clock: clock)])
            turn = place.turn
            readings.metrics.tokensSeen = place.tokensSeen
        }
    }
}
