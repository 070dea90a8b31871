import Foundation

/// The functions that every template has, with those that Hugging Face adds.
enum JinjaFunctions {
    /// Returns the function called `name`.
    static func find(_ name: String) -> JinjaFunction? {
        guard let body = all[name] else { return nil }
        return try? JinjaFunction(name, body)
    }

    private static let all: [String: @Sendable (JinjaInterpreter, JinjaArguments) throws -> JinjaValue] = [
        "range": { try range($0, $1) },
        "namespace": { interpreter, arguments in
            try interpreter.keep(JinjaNamespace(try members("namespace", interpreter, arguments)))
        },
        "dict": { interpreter, arguments in
            try interpreter.dictionary(try members("dict", interpreter, arguments).map { (.text($0.name), $0.value) })
        },
        "cycler": { interpreter, arguments in
            guard !arguments.positional.isEmpty, arguments.named.isEmpty else {
                throw JinjaFault("'cycler' needs items to go through")
            }
            return try interpreter.keep(JinjaCycler(arguments.positional))
        },
        "joiner": { interpreter, arguments in
            let separator = try arguments.bind("joiner", ["sep"])[0] ?? .text(", ")
            return try interpreter.keep(JinjaJoiner(separator))
        },
        "raise_exception": { interpreter, arguments in
            let message = try arguments.bind("raise_exception", ["message"], required: 1)[0] ?? .null
            throw JinjaFault(try interpreter.printed(message).string, isRefusal: true)
        },
        "strftime_now": { interpreter, arguments in
            let format = try arguments.bind("strftime_now", ["format"], required: 1).text(0).string
            return try interpreter.text(Array(time(interpreter.now(), format).unicodeScalars))
        },
    ]

    private static func range(_ interpreter: JinjaInterpreter, _ arguments: JinjaArguments) throws -> JinjaValue {
        guard arguments.named.isEmpty, (1...3).contains(arguments.positional.count) else {
            throw JinjaFault("'range' takes one to three whole numbers")
        }
        let values = arguments.positional.map { Optional($0) }
        let bounds = try values.indices.map { try values.int($0, 0) }
        let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw JinjaFault("the step of a range can't be 0") }
        let isEmpty = step > 0 ? start >= stop : start <= stop
        let distance = stop.subtractingReportingOverflow(start)
        let count = isEmpty ? 0 : (distance.partialValue.magnitude - 1) / step.magnitude
        guard isEmpty || (!distance.overflow && count < UInt(JinjaLimits.range)) else {
            throw JinjaFault("a range is longer than \(JinjaLimits.range) numbers")
        }
        let numbers = isEmpty ? [] : (0...Int(count)).map { JinjaValue.int(start + $0 * step) }
        try interpreter.meter.step(numbers.count / 16)
        return try interpreter.sequence(.range(start, stop, step), numbers)
    }

    /// The members that a dictionary or pairs, and named arguments, say.
    private static func members(_ name: String, _ interpreter: JinjaInterpreter, _ arguments: JinjaArguments) throws
        -> [(name: String, value: JinjaValue)]
    {
        guard arguments.positional.count <= 1 else { throw JinjaFault("'\(name)' takes one dictionary, and names") }
        var pairs: [JinjaValue] = []
        switch arguments.positional.first {
        case nil: break
        case .dictionary(let dictionary): pairs = try interpreter.pairs(of: dictionary)
        case let value?: pairs = try interpreter.items(of: value)
        }
        let members = try pairs.map { pair -> (name: String, value: JinjaValue) in
            let items = try interpreter.items(of: pair)
            guard items.count == 2, case .text(let name) = items[0] else {
                throw JinjaFault("'\(name)' needs pairs of a string and a value")
            }
            return (name.string, items[1])
        }
        try interpreter.meter.allocate(64 * (members.count + arguments.named.count))
        return members + arguments.named
    }

    /// Returns the time, `seconds` after 1970 began, in local time as `format` says.
    private static func time(_ seconds: Double, _ format: String) throws -> String {
        guard format.utf8.count <= 4096, !format.contains("\0") else {
            throw JinjaFault("the format of 'strftime_now' is too long or has a zero byte")
        }
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        let fraction = String(format: "%06d", Int((seconds - seconds.rounded(.down)) * 1_000_000))
        // An end mark tells an empty result from a buffer that is too small.
        let marked = format.replacing("%f", with: fraction) + "."
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        let count = strftime(&buffer, buffer.count, marked, &parts)
        guard count > 0 else { throw JinjaFault("what 'strftime_now' would give is too long") }
        return String(decoding: buffer[..<(count - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
