import Chat
import Screen

/// What a token reads from, layer by layer: the tokens as text with bars below them, the layers, and what could come next.
struct MindOverlay: Overlay {
    let name = OverlayName.mind
    /// What is to be seen; what is seen is in the model.
    private(set) var wanted: InsightQuery
    /// What has been asked for and has not come: one thing at a time, however fast keys come.
    private var asked: InsightQuery?
    /// Which of the layer's rows is shown, where there is room for one.
    private(set) var measure = 0
    /// The tokens that could come next, while one is being chosen.
    var choices: MarkedList?
    private(set) var showsLimits = false
    var question: LineQuestion?

    init(_ query: InsightQuery) {
        wanted = query
    }

    /// Tokens that PgUp and PgDn go.
    private static let page = 16

    func title(_ model: AppModel) -> String {
        let name = model.mindName.map { "\($0): " } ?? ""
        guard let insight = model.mind else { return "hiss mind: \(name)what a token reads from" }
        let read =
            insight.rereadTokens == 0
            ? "traced as it was read" : "\(insight.rereadTokens) read again, on a copy"
        return "hiss mind: \(name)what a token reads from \(model.glyphs.separator) \(read)"
    }

    mutating func open(in model: inout AppModel) -> [Effect] {
        (model.mind, model.mindBeside, model.notice) = (nil, nil, [])
        return ask(wanted)
    }

    /// Asks for something else to be seen, unless something is under way: then it is asked for when that has come.
    private mutating func ask(_ query: InsightQuery) -> [Effect] {
        wanted = query
        guard asked == nil else { return [] }
        asked = query
        return [.session(.mind(.look(query)))]
    }

    /// Takes in what can be seen, and asks for what else is wanted by now.
    mutating func take(_ insight: Insight) -> [Effect] {
        guard insight.query == asked else { return [] }
        let isLast = wanted == asked
        asked = nil
        // From now on it is said which token and layer that is.
        let seen = InsightQuery(position: insight.position, layer: insight.layer, head: insight.query.head)
        if isLast { wanted = seen }
        return isLast ? [] : ask(wanted)
    }

    /// Goes back to what is seen, since what was wanted can't be; returns whether there is anything to see.
    mutating func fail(_ model: AppModel) -> Bool {
        asked = nil
        guard let insight = model.mind else { return false }
        wanted = InsightQuery(position: insight.position, layer: insight.layer, head: insight.query.head)
        return true
    }

    func cancel(in model: inout AppModel) {
        (model.mind, model.mindBeside) = (nil, nil)
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        question?.text?.append(text)
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        if question != nil { return answer(key) }
        model.notice = []
        guard let insight = model.mind else {
            return key.code == .escape || key == .letter("q") ? leave(&model) : .stays
        }
        if choices != nil { return choose(key, insight, in: &model) }
        switch key.code {
        case .escape where showsLimits, .character("?"): showsLimits.toggle()
        case .escape, .character("q"), .function(8): return leave(&model)
        case .enter, .tab: beginChoosing(insight, in: &model)
        case .character("m"): measure = (measure + 1) % max(1, model.mindRows.count)
        case .character("o") where model.pair != nil: return OverlayOutcome(effects: lookAtOther(insight, &model))
        case .character("e"): question = .word("file to write (.json or .svg)", "mind.json")
        default: return OverlayOutcome(effects: move(key, insight))
        }
        return .stays
    }

    /// Goes to another token, layer or head.
    private mutating func move(_ key: Key, _ insight: Insight) -> [Effect] {
        var query = wanted
        let position = query.position ?? insight.position
        let layer = query.layer ?? insight.layer
        switch key.code {
        case .left: query.position = position - 1
        case .right: query.position = position + 1
        case .pageUp: query.position = position - Self.page
        case .pageDown: query.position = position + Self.page
        case .home: query.position = insight.positions.lowerBound
        case .end: query.position = insight.positions.upperBound - 1
        case .up, .wheelUp: query.layer = layer - 1
        case .down, .wheelDown: query.layer = layer + 1
        case .character("["): query.head = query.head.flatMap { $0 > 0 ? $0 - 1 : nil }
        case .character("]"): query.head = min((query.head ?? -1) + 1, insight.headCount - 1)
        case .character("a"): query.head = nil
        case .character("g"):
            guard let source = insight.sources(2).first(where: { $0.token != insight.reader }) else { return [] }
            query.position = insight.start + source.token
        default: return []
        }
        query.position = query.position.map { min(insight.positions.upperBound - 1, max(insight.start, $0)) }
        query.layer = query.layer.map { min(insight.layers.count - 1, max(0, $0)) }
        if let head = query.head, head < 0 { query.head = nil }
        // Another kind of layer has other heads.
        let layers = insight.layers
        if let to = query.layer, layers[to].mixer != layers[layer].mixer { query.head = nil }
        guard query != wanted else { return [] }
        return ask(query)
    }

    private mutating func leave(_ model: inout AppModel) -> OverlayOutcome {
        let isReading = model.mind == nil
        cancel(in: &model)
        let stop = model.pair == nil ? Effect.stop : .pair(.stop)
        return .closing((isReading ? [stop] : []) + [.session(.mind(.close))])
    }

    /// Looks at the same token in the other model of a comparison, in the layer that was shown beside this one's.
    private mutating func lookAtOther(_ insight: Insight, _ model: inout AppModel) -> [Effect] {
        guard asked == nil else { return [] }
        let query = InsightQuery(position: insight.position, layer: model.mindBeside?.layer)
        model.focusOtherPane()
        (model.mind, model.mindBeside, measure) = (nil, nil, 0)
        return ask(query)
    }

    // MARK: - Another token

    private mutating func beginChoosing(_ insight: Insight, in model: inout AppModel) {
        guard model.pair == nil else {
            model.notice = ["Another token can be taken in the chat; both models of a comparison go on from one text."]
            return
        }
        guard insight.stepsBack != nil else {
            model.notice = [
                insight.answerStart == nil
                    ? "There is no answer here to go on with otherwise."
                    : "Another token can be taken in the last answer, from token \((insight.answerStart ?? 1) - 1) on."
            ]
            return
        }
        let followed = insight.next.firstIndex { $0.id == insight.followed?.id }
        choices = MarkedList(count: insight.next.count, marked: followed ?? 0)
    }

    private mutating func choose(_ key: Key, _ insight: Insight, in model: inout AppModel) -> OverlayOutcome {
        switch key.code {
        case .escape, .tab, .character("q"): choices = nil
        case .enter:
            guard let list = choices, insight.next.indices.contains(list.marked), let back = insight.stepsBack,
                !model.isBusy
            else { return .stays }
            let effects = model.take(insight.next[list.marked], back: back)
            model.mind = nil
            return .closing(effects)
        default: _ = choices?.press(key)
        }
        return .stays
    }

    // MARK: - Files

    private mutating func answer(_ key: Key) -> OverlayOutcome {
        guard let outcome = question?.press(key), outcome != .stays else { return .stays }
        question = nil
        guard case .answered(let file) = outcome, !file.isEmpty else { return .stays }
        return OverlayOutcome(effects: [.session(.mind(.export(wanted, file: file)))])
    }
}

extension AppModel {
    /// Shows what can be seen of the model, if somebody still looks.
    mutating func show(_ insight: Insight) -> [Effect] {
        guard var mind = overlay as? MindOverlay else { return [] }
        self.mind = insight
        let effects = mind.take(insight)
        overlay = mind
        return effects
    }

    /// Closes the view of a model that can't be looked at.
    mutating func failLooking() {
        guard var mind = overlay as? MindOverlay else { return }
        overlay = mind.fail(self) ? mind : nil
    }

    /// Goes back into the last answer, takes another token there and goes on.
    mutating func take(_ choice: TokenChoice, back: Int) -> [Effect] {
        guard case .ready(let summary) = engine else { return [] }
        return answer(.take(choice.id, back: back), summary) ?? []
    }
}
