import Chat
import Tokenization

/// What one turn carries along.
struct Turn {
    let options: GenerationOptions
    let stop: StopFlag
    let asked = ContinuousClock().now
    var metrics = Metrics()
    /// Where another engine is told of this turn's tokens, if one follows.
    var channel: LeadChannel?
    /// Seconds in which that one was waited for.
    var secondsWaited = 0.0
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
    /// How many scalars of the text to come were shown before the answer was cut off.
    private var shownAhead = 0
    /// Where the text stood when the answer was cut off; nil if it ended by itself.
    private(set) var cutOff: CutOffAnswer?

    init(options: GenerationOptions, form: ChatForm, stop: StopFlag) {
        self.options = options
        self.form = form
        self.stop = stop
        filter = StopTextFilter(options.stopTexts + form.stopTexts)
        lead = form.answerLead[...]
    }

    /// Goes on with an answer whose text so far is `text`, which was cut off.
    init(continuing text: String, cutOff: CutOffAnswer, options: GenerationOptions, form: ChatForm, stop: StopFlag) {
        self.init(options: options, form: form, stop: stop)
        shownAhead = cutOff.shown.unicodeScalars.count
        self.text = String(text.unicodeScalars.dropLast(shownAhead))
        decoder = StreamingDecoder(pending: cutOff.pending)
        filter = StopTextFilter(options.stopTexts + form.stopTexts, held: cutOff.held)
        lead = cutOff.lead[...]
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
    ///
    /// - Parameter isCutOff: whether the answer could go on: the start of a character waits for its rest then
    mutating func finish(isCutOff: Bool) -> String {
        if isCutOff {
            var place = CutOffAnswer(pending: decoder.pending, held: filter.held, shown: "", lead: String(lead))
            place.shown = add(filter.finish())
            cutOff = place
            return place.shown
        }
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
        let known = min(shownAhead, shown.unicodeScalars.count)
        shownAhead -= known
        return String(shown.unicodeScalars.dropFirst(known))
    }
}
