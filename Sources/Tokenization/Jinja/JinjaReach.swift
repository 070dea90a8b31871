/// What a value in a template could depend on, of a conversation's earlier messages.
struct JinjaInfluence: OptionSet, Sendable {
    let rawValue: Int
    /// The text of the message that its pass of a loop is about.
    static let own = JinjaInfluence(rawValue: 1)
    /// That message's role.
    static let role = JinjaInfluence(rawValue: 2)
    /// What passes before have left in a namespace.
    static let carried = JinjaInfluence(rawValue: 4)
    /// How many messages there are, or where one stands.
    static let place = JinjaInfluence(rawValue: 8)
    /// Texts of other messages.
    static let texts = JinjaInfluence(rawValue: 16)

    static let anything: JinjaInfluence = [.place, .texts]
}

/// Finds out how far back a template looks, from its syntax alone.
///
/// A pass of a loop over the messages writes what its own message, its role and the order of roles say, unless something
/// reaches it from elsewhere: another message by its number, a count, or what earlier passes left in a namespace. Each
/// expression gets all that it could depend on, and everything that is written all that its conditions could; what is
/// not understood could depend on anything. Conversations are a system's messages, and then questions and answers in
/// turn, at least one of each before the last question.
struct JinjaReach {
    /// What is known of a value.
    struct Known: Equatable {
        var kind = Kind.plain
        var influence: JinjaInfluence = []
    }

    /// Values with parts that depend on less than the whole.
    enum Kind: Equatable {
        case plain
        /// All messages, or all but the first.
        case messages
        /// The message of a pass; the first, the last, and one beside that of a pass.
        case message, first, last, neighbour
        /// The `loop` of a pass over messages, of which a condition may leave some out.
        case loop(without: JinjaInfluence)
        case namespace
    }

    /// What a condition says where it holds.
    struct Guards {
        var firstIsSystem = false
        var messageIsSystem = false
    }

    var scopes: [[String: Known]] = [["messages": Known(kind: .messages)]]
    /// What namespaces' members depend on, by the members' names.
    var members: [String: JinjaInfluence] = [:]
    /// What macros write depends on, beside their arguments.
    var macros: [String: JinjaInfluence] = [:]
    /// What is written: at the outside, and in bodies whose text becomes a value.
    var written: [JinjaInfluence] = [[]]
    /// What a filter block's body wrote.
    var captured: JinjaInfluence = []
    /// What the conditions around this place depend on, and what they say.
    var context: JinjaInfluence = []
    var guards = Guards()
    /// The loops around this place: whether each is over messages, and what decides whether a pass is cut short.
    private var loops: [(isOverMessages: Bool, cut: JinjaInfluence)] = []
    private var macroDepth = 0
    /// Whether something was written to the outside, and how many loops over messages have done that.
    private var hasWritten = false
    private var writingLoops = 0

    /// How far back a template looks.
    static func reach(of statements: [JinjaStatement]) -> TemplateReach {
        var reach = JinjaReach()
        // Until nothing new is found: what a namespace holds is read before the place where it is written, too.
        for _ in 0..<16 {
            let before = reach
            reach.writingLoops = 0
            reach.run(statements)
            guard reach.differs(from: before) else { return reach.result }
        }
        return .texts
    }

    private func differs(from other: JinjaReach) -> Bool {
        members != other.members || macros != other.macros || written != other.written || scopes != other.scopes
    }

    private var result: TemplateReach {
        written[0].contains(.texts) ? .texts : written[0].contains(.place) ? .count : .turns
    }

    /// Whether this place runs more than once.
    var isRepeated: Bool { !loops.isEmpty || macroDepth > 0 }

    /// Notes that the whole text depends on something.
    mutating func harm(_ influence: JinjaInfluence) { written[0].formUnion(influence) }

    mutating func write(_ influence: JinjaInfluence) {
        written[written.count - 1].formUnion(influence.union(context))
        if written.count == 1 { hasWritten = true }
    }

    // MARK: - Statements

    private mutating func run(_ statements: [JinjaStatement]) {
        for statement in statements { run(statement) }
    }

    private mutating func run(_ statement: JinjaStatement) {
        switch statement.kind {
        case .text(let text): if !text.scalars.isEmpty { write([]) }
        case .output(let expression): write(influence(of: expression))
        case .condition(let branches, let otherwise): run(branches, otherwise)
        case .loop(let loop): run(loop)
        case .assignment(let target, let expression): assign(known(expression), to: target)
        case .blockAssignment(let target, let expression, let body):
            assign(Known(influence: filtered(expression, body)), to: target)
        case .macro(let macro): macros[macro.name, default: []].formUnion(text(of: macro))
        case .callBlock(let callee, let arguments, let body):
            write(call(callee, arguments).union(text(of: body)))
        case .filterBlock(let expression, let body): write(filtered(expression, body))
        case .with(let values, let body):
            let found = values.map { ($0.target, known($0.value)) }
            scopes.append([:])
            for (target, value) in found { assign(value, to: target) }
            run(body)
            scopes.removeLast()
        case .block(_, let body), .generation(let body): run(body)
        case .leaveLoop:
            // What comes after it, in this pass and in others, is left out.
            if loops.last?.isOverMessages == true { harm(.anything) } else { cutShort() }
        case .nextPass: cutShort()
        }
    }

    private mutating func cutShort() {
        if !loops.isEmpty { loops[loops.count - 1].cut.formUnion(context) }
    }

    private mutating func run(
        _ branches: [(condition: JinjaExpression, body: [JinjaStatement])], _ otherwise: [JinjaStatement]
    ) {
        let (outer, said, loopsBefore) = (context, guards, writingLoops)
        var mostLoops = loopsBefore
        // Only one of them runs.
        func runAlone(_ body: [JinjaStatement]) {
            writingLoops = loopsBefore
            run(body)
            mostLoops = max(mostLoops, writingLoops)
        }
        for branch in branches {
            context.formUnion(influence(of: branch.condition))
            guards = said.and(guards(in: branch.condition))
            runAlone(branch.body)
            guards = said
        }
        runAlone(otherwise)
        (context, writingLoops) = (outer, mostLoops)
    }

    private mutating func run(_ loop: JinjaLoopSyntax) {
        let sequence = known(loop.sequence)
        // Inside a loop or a value, all messages could come up in one place.
        let isOverMessages = sequence.kind == .messages && !loop.isRecursive && !isRepeated && written.count == 1
        let (outer, said, wroteBefore) = (context, guards, hasWritten)
        hasWritten = false
        scopes.append([:])
        let element =
            isOverMessages ? Known(kind: .message) : Known(influence: value(sequence))
        if case .name(let name) = loop.target {
            scopes[scopes.count - 1][name] = element
        } else {
            assign(Known(influence: isOverMessages ? [.own, .role] : value(sequence)), to: loop.target)
        }
        let condition = loop.condition.map { influence(of: $0) } ?? []
        scopes[scopes.count - 1]["loop"] =
            isOverMessages ? Known(kind: .loop(without: condition)) : Known(influence: value(sequence))
        context.formUnion(condition.union(isOverMessages ? sequence.influence : value(sequence)))
        if let condition = loop.condition { guards = said.and(guards(in: condition)) }
        loops.append((isOverMessages, []))
        run(loop.body)
        if let cut = loops.last?.cut, !cut.isSubset(of: context) {
            context.formUnion(cut)
            run(loop.body)
        }
        loops.removeLast()
        scopes.removeLast()
        if isOverMessages, hasWritten, !guards.messageIsSystem {
            // What a second one writes comes after the last answer, whichever message it is about.
            writingLoops += 1
            if writingLoops > 1 { harm(.anything) }
        }
        hasWritten = hasWritten || wroteBefore
        (context, guards) = (outer, said)
        context.formUnion(isOverMessages ? [] : value(sequence))
        run(loop.otherwise)
        context = outer
    }

    // MARK: - Assignments

    private mutating func assign(_ known: Known, to target: JinjaTarget) {
        switch target {
        case .name(let name):
            let value = known.with(context)
            let before = self.known(name: name)
            let isNew = before == Known() && !scopes.contains { $0[name] != nil }
            scopes[scopes.count - 1][name] = isNew ? value : before.or(value)
        case .member(_, let member): note(value(known).union(context), as: member)
        case .tuple(let targets): for target in targets { assign(Known(influence: value(known)), to: target) }
        }
    }

    /// Notes what a namespace's member depends on after an assignment.
    ///
    /// Where passes write it, the last one that does counts: which it is, and what it writes, is the same in every
    /// conversation if only roles decide. What a pass makes of what the passes before left depends on their number; those
    /// about the system's messages are always the same.
    mutating func note(_ influence: JinjaInfluence, as member: String) {
        var noted = influence.intersection(.anything)
        if isRepeated, !guards.messageIsSystem {
            if influence.contains(.own) { noted.formUnion(.texts) }
            if influence.contains(.carried) { noted.formUnion(.place) }
        }
        members[member, default: []].formUnion(noted)
    }

    // MARK: - Bodies that become values

    /// What the text of a macro or a call block's body depends on, beside its arguments.
    private mutating func text(of macro: JinjaMacroSyntax) -> JinjaInfluence {
        let outer = (context, guards, loops)
        // It may be called anywhere, with anything of the message of that pass.
        (context, guards, loops) = ([], Guards(), [])
        scopes.append([:])
        for parameter in macro.parameters {
            let value = parameter.value.map { influence(of: $0) } ?? []
            scopes[scopes.count - 1][parameter.name] = Known(influence: value.union([.own, .role]))
        }
        for name in macro.takes { scopes[scopes.count - 1][name] = Known(influence: [.own, .role]) }
        macroDepth += 1
        let text = captured { $0.run(macro.body) }
        macroDepth -= 1
        scopes.removeLast()
        (context, guards, loops) = outer
        return text
    }

    private mutating func filtered(_ expression: JinjaExpression, _ body: [JinjaStatement]) -> JinjaInfluence {
        let outer = captured
        captured = captured { $0.run(body) }
        let result = influence(of: expression).union(captured)
        captured = outer
        return result
    }

    private mutating func captured(_ body: (inout JinjaReach) -> Void) -> JinjaInfluence {
        written.append([])
        body(&self)
        return written.removeLast()
    }
}

extension JinjaReach.Known {
    func with(_ context: JinjaInfluence) -> JinjaReach.Known {
        JinjaReach.Known(kind: kind, influence: influence.union(context))
    }

    /// What is known of a value that is one or the other.
    func or(_ other: JinjaReach.Known) -> JinjaReach.Known {
        guard kind == other.kind else { return JinjaReach.Known(influence: .anything) }
        return JinjaReach.Known(kind: kind, influence: influence.union(other.influence))
    }
}

extension JinjaReach.Guards {
    func and(_ other: JinjaReach.Guards) -> JinjaReach.Guards {
        JinjaReach.Guards(
            firstIsSystem: firstIsSystem || other.firstIsSystem,
            messageIsSystem: messageIsSystem || other.messageIsSystem)
    }
}
