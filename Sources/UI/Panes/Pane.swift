import Chat

/// A conversation on the screen: the chat's, or that of one side of a comparison.
struct Pane: Sendable {
    var engine = AppModel.Engine.loading
    var activity = AppModel.Activity.idle
    /// Questions asked since the conversation began.
    var turn = 0
    var readings = GaugeReadings()
    var transcript: Transcript
    /// The session that is kept; nil before its first turn, and where nothing is kept.
    var session: SessionState?
}

/// What is known of the conversation that the keys are for.
extension AppModel {
    public internal(set) var engine: Engine {
        get { panes[focus].engine }
        _modify { yield &panes[focus].engine }
    }

    public internal(set) var activity: Activity {
        get { panes[focus].activity }
        _modify { yield &panes[focus].activity }
    }

    /// Questions asked since the conversation began.
    public internal(set) var turn: Int {
        get { panes[focus].turn }
        _modify { yield &panes[focus].turn }
    }

    public internal(set) var readings: GaugeReadings {
        get { panes[focus].readings }
        _modify { yield &panes[focus].readings }
    }

    /// The session that is kept; nil before its first turn, and where nothing is kept.
    public internal(set) var session: SessionState? {
        get { panes[focus].session }
        _modify { yield &panes[focus].session }
    }

    var transcript: Transcript {
        get { panes[focus].transcript }
        _modify { yield &panes[focus].transcript }
    }

    /// Changes the transcripts of all conversations.
    mutating func changeTranscripts(_ change: (inout Transcript) -> Void) {
        for index in panes.indices { change(&panes[index].transcript) }
    }
}
