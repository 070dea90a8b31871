import Chat
import Tokenization

/// What one turn carries along.
struct Turn {
    let options: GenerationOptions
    let stop: StopFlag
    let asked = ContinuousClock().now
    var metrics = Metrics()
    var text = ""
    /// Whether a stop text came up.
    private(set) var isStopped = false
    /// What came up after the text, if a stop text of the form began it.
    private(set) var overrun = ""
    private let form: ChatForm
    private var decoder = StreamingDecoder()
    private var filter: StopTextFilter
    /// What is still to be left out in front of the text.
    private var lead: Substring

    init(options: GenerationOptions, form: ChatForm, stop: StopFlag) {
        self.options = options
        self.form = form
        self.stop = stop
        filter = StopTextFilter(options.stopTexts + form.stopTexts)
        lead = form.answerLead[...]
    }

    /// Takes a token's bytes, and returns the text that can be shown with it.
    mutating func take(_ bytes: [UInt8]) -> String {
        let (shown, dropped) = filter.push(decoder.append(bytes))
        if let dropped {
            isStopped = true
            if form.stopTexts.contains(where: { dropped.hasPrefix($0) }) { overrun = dropped }
        }
        return add(shown)
    }

    /// Returns text that was held back, at the end of an answer.
    mutating func finish() -> String {
        let (shown, _) = filter.push(decoder.finish())
        return add(shown + filter.finish())
    }

    private mutating func add(_ shown: String) -> String {
        var shown = shown[...]
        while !shown.isEmpty, !lead.isEmpty {
            if shown.first == lead.first {
                shown.removeFirst()
                lead.removeFirst()
            } else {
                lead = ""
            }
        }
        text += shown
        return String(shown)
    }
}
