/// How much a template may do, so that none can hang the program or fill its memory.
package struct JinjaLimits: Sendable {
    /// Steps: parts of expressions, statements, loop passes, and elements that a filter looks at.
    package var steps: Int
    /// Bytes of all values that are made, whether or not they are still used.
    package var valueBytes: Int
    /// Bytes of the result.
    package var outputBytes: Int
    /// Expressions, statements and macro calls inside each other.
    package var depth: Int

    /// Limits that no template for chats comes near.
    package init(
        steps: Int = 2_000_000, valueBytes: Int = 256 << 20, outputBytes: Int = 16 << 20, depth: Int = 400
    ) {
        self.steps = steps
        self.valueBytes = valueBytes
        self.outputBytes = outputBytes
        self.depth = depth
    }

    /// The deepest nesting of expressions or statements in a template's text.
    static let syntaxDepth = 120
    /// The deepest nesting of lists and dictionaries.
    static let valueDepth = 200
    /// The longest `range`, as in Jinja's sandbox.
    static let range = 100_000

    /// The limits for a context of `values` values in `bytes` bytes: a long conversation needs more than a short one.
    func scaled(values: Int, bytes: Int) -> JinjaLimits {
        JinjaLimits(
            steps: steps.addingWithoutOverflow(values, times: 2000),
            valueBytes: valueBytes.addingWithoutOverflow(bytes, times: 200),
            outputBytes: outputBytes.addingWithoutOverflow(bytes, times: 16), depth: depth)
    }
}

extension Int {
    /// Returns `self + other * factor`, or the largest integer.
    fileprivate func addingWithoutOverflow(_ other: Int, times factor: Int) -> Int {
        let product = other.multipliedReportingOverflow(by: factor)
        let sum = addingReportingOverflow(product.partialValue)
        return product.overflow || sum.overflow ? .max : sum.partialValue
    }
}

/// Counts what a template does against its limits.
struct JinjaMeter {
    private let limits: JinjaLimits
    private var steps = 0
    private var valueBytes = 0
    private var outputBytes = 0
    private var depth = 0

    init(_ limits: JinjaLimits) {
        self.limits = limits
    }

    /// Counts `count` steps.
    mutating func step(_ count: Int = 1) throws {
        guard count <= limits.steps - steps else {
            throw JinjaFault("it takes more than \(limits.steps) steps, as a loop without end does")
        }
        steps += count
    }

    /// Counts `bytes` bytes of values, before they are made.
    mutating func allocate(_ bytes: Int) throws {
        guard bytes <= limits.valueBytes - valueBytes else {
            throw JinjaFault("its values take more than \(limits.valueBytes >> 20) MiB")
        }
        valueBytes += bytes
    }

    /// Counts `bytes` bytes of the result.
    mutating func output(_ bytes: Int) throws {
        guard bytes <= limits.outputBytes - outputBytes else {
            throw JinjaFault("its result is longer than \(limits.outputBytes) bytes")
        }
        outputBytes += bytes
    }

    /// Goes one level deeper; `leave` comes back.
    mutating func enter() throws {
        guard depth < limits.depth else {
            throw JinjaFault("its calls and expressions are nested more than \(limits.depth) deep")
        }
        depth += 1
    }

    mutating func leave() {
        depth -= 1
    }
}

/// What went wrong inside a template, before it is known where.
struct JinjaFault: Error {
    /// What went wrong, without a capital letter at the start and without a full stop.
    let message: String
    /// Whether the template itself refuses, by `raise_exception`.
    var isRefusal = false
    /// The line; nil is the one that is being worked on.
    var line: Int?

    init(_ message: String, isRefusal: Bool = false, line: Int? = nil) {
        self.message = message
        self.isRefusal = isRefusal
        self.line = line
    }
}
