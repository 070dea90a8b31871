/// A part of a template that has a value.
struct JinjaExpression: Sendable {
    /// The kinds of expression.
    indirect enum Kind: Sendable {
        case none
        case bool(Bool)
        case int(Int)
        case float(Double)
        case text(JinjaText)
        case name(String)
        case list([JinjaExpression])
        case tuple([JinjaExpression])
        case dictionary([(key: JinjaExpression, value: JinjaExpression)])
        case attribute(JinjaExpression, String)
        case item(JinjaExpression, JinjaExpression)
        case slice(JinjaExpression?, JinjaExpression?, JinjaExpression?)
        case call(JinjaExpression, JinjaCallArguments)
        case filter(JinjaExpression, String, JinjaCallArguments)
        case test(JinjaExpression, String, JinjaCallArguments)
        case not(JinjaExpression)
        case negative(JinjaExpression)
        case positive(JinjaExpression)
        case and(JinjaExpression, JinjaExpression)
        case or(JinjaExpression, JinjaExpression)
        case arithmetic(JinjaOperator, JinjaExpression, JinjaExpression)
        case concatenation([JinjaExpression])
        case comparison(JinjaExpression, [(JinjaComparison, JinjaExpression)])
        case conditional(then: JinjaExpression, condition: JinjaExpression, otherwise: JinjaExpression?)
        /// What a filter block's body or a block assignment has written.
        case captured
    }

    let kind: Kind
    let line: Int
    /// How deep the expression's tree is.
    let depth: Int
}

/// What stands between two numbers or texts.
enum JinjaOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"
}

/// How two values are compared.
enum JinjaComparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case isNotIn = "not in"
}

/// What stands in the parentheses of a call.
struct JinjaCallArguments: Sendable {
    var positional: [JinjaExpression] = []
    var named: [(name: String, value: JinjaExpression)] = []
    /// After `*`: more positional arguments.
    var spread: JinjaExpression?
    /// After `**`: more named ones.
    var namedSpread: JinjaExpression?

    /// Whether nothing is given.
    var isEmpty: Bool { positional.isEmpty && named.isEmpty && spread == nil && namedSpread == nil }
}

/// What a value is given to.
indirect enum JinjaTarget: Sendable {
    case name(String)
    case member(String, String)
    case tuple([JinjaTarget])
}

/// A part of a template that does something.
struct JinjaStatement: Sendable {
    /// The kinds of statement.
    indirect enum Kind: Sendable {
        case text(JinjaText)
        case output(JinjaExpression)
        case condition([(condition: JinjaExpression, body: [JinjaStatement])], otherwise: [JinjaStatement])
        case loop(JinjaLoopSyntax)
        case assignment(JinjaTarget, JinjaExpression)
        /// The body's text, through filters that start at `captured`.
        case blockAssignment(JinjaTarget, JinjaExpression, [JinjaStatement])
        case macro(JinjaMacroSyntax)
        case callBlock(JinjaExpression, JinjaCallArguments, JinjaMacroSyntax)
        case filterBlock(JinjaExpression, [JinjaStatement])
        case with([(target: JinjaTarget, value: JinjaExpression)], [JinjaStatement])
        /// A named block, which sees the template's own variables, or those around it if `scoped`.
        case block(scoped: Bool, [JinjaStatement])
        /// A part that the model wrote, as training wants to know.
        case generation([JinjaStatement])
        case leaveLoop
        case nextPass
    }

    let kind: Kind
    let line: Int
}

/// A `for` loop.
struct JinjaLoopSyntax: Sendable {
    var target: JinjaTarget
    var sequence: JinjaExpression
    var condition: JinjaExpression?
    var body: [JinjaStatement]
    var otherwise: [JinjaStatement]
    var isRecursive: Bool
}

/// A macro, or the body of a call block.
struct JinjaMacroSyntax: Sendable {
    var name: String
    var parameters: [(name: String, value: JinjaExpression?)]
    var body: [JinjaStatement]
    /// Which of `varargs`, `kwargs` and `caller` the body reads.
    var takes: Set<String>
}
