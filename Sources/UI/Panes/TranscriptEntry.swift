import Chat

/// One block of the chat pane.
struct TranscriptEntry: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// What an empty chat says.
        case welcome
        case user
        /// An answer of the model with this name.
        case model(String, Answer)
        case note
        case failure
    }

    /// How far an answer has come.
    struct Answer: Sendable, Equatable {
        enum Progress: Sendable, Equatable {
            case waiting
            case reading(done: Int, total: Int)
            case generating
            case finished(FinishReason)
            case failed
        }

        var progress = Progress.waiting
        var tokens = 0
        var tokensPerSecond = 0.0
    }

    var kind: Kind
    var text: String
    /// The text as it is shown where that is another: tokens that a model was fed, with its own first choices in it, as
    /// `ChoiceFormat` has them.
    var shown: String?
    /// The wall clock when it was said.
    var clock: String
    /// Blocks of code in the entries before, which are numbered through the conversation.
    var codeBlocksBefore = 0

    var hasHeader: Bool {
        switch kind {
        case .user, .model: true
        case .welcome, .note, .failure: false
        }
    }

    var isMessage: Bool { hasHeader }

    /// The text without the line breaks that a model may begin with.
    var saidText: Substring {
        text.drop { $0.isNewline }
    }

    /// The text as it is shown.
    var shownText: Substring {
        (shown ?? text).drop { $0.isNewline }
    }

    /// The blocks of code in an answer.
    var codeBlocks: [String] {
        if case .model = kind { CodeBlocks.all(in: saidText) } else { [] }
    }

    /// What the header says after the name, most important last but the clock, which comes first.
    ///
    /// `progress` is never left out; the rest is where there is room.
    func details(showsTime: Bool = true, showsRate: Bool = true) -> (parts: [String], progress: String?) {
        let clock = clock.isEmpty || !showsTime ? [] : [clock]
        guard case .model(_, let answer) = kind else { return (clock, nil) }
        var parts = clock
        if answer.tokens > 0, showsRate { parts.append("\(answer.tokens) tok") }
        if answer.tokensPerSecond > 0, showsRate { parts.append("\(DecimalText.rate(answer.tokensPerSecond)) tok/s") }
        let progress: String? =
            switch answer.progress {
            case .waiting: "waiting (Esc stops)"
            case .reading(let done, let total): "reading \(done)/\(total) (Esc stops)"
            case .generating: "generating (Esc stops)"
            case .finished(.endOfTurn), .finished(.stopText): nil
            case .finished(.limit): "cut at the token limit"
            case .finished(.memoryLimit): "cut at the memory limit"
            case .finished(.cancelled): "stopped"
            case .finished(.withdrawn): "stopped before it was read: taken back"
            case .failed: "failed"
            }
        return (parts, progress)
    }
}
