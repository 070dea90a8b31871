import Foundation
package import JSON

/// A chat template in the Jinja language, as models bring it along.
///
/// It renders as Hugging Face's `apply_chat_template` does. It can't reach files or the network, and what it may do is
/// bounded: whatever the template says, rendering ends.
package struct JinjaTemplate: ChatTemplate {
    /// The text that begins a sequence, for templates that write it; nil leaves the variable undefined.
    package let bosToken: String?
    /// The text that ends a sequence.
    package let eosToken: String?
    package let reach: TemplateReach
    private let statements: [JinjaStatement]
    private let limits: JinjaLimits
    private let now: @Sendable () -> Double

    /// Parses a template.
    ///
    /// - Parameter now: the seconds since 1970 began, for templates that write the date
    /// - Throws: `TokenizationError` with code `.template` that says what can't be understood, and in which line.
    package init(
        source: String, bosToken: String? = nil, eosToken: String? = nil, limits: JinjaLimits = JinjaLimits(),
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) throws {
        do {
            statements = try JinjaParser.parse(source)
            reach = JinjaReach.reach(of: statements)
        } catch let fault as JinjaFault {
            throw TokenizationError(
                .template, "The chat template can't be understood: line \(fault.line ?? 1): \(fault.message).")
        }
        self.bosToken = bosToken
        self.eosToken = eosToken
        self.limits = limits
        self.now = now
    }

    package func render(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> String {
        let list = messages.map { message in
            JSONValue.object([("role", .string(message.role)), ("content", .string(message.content))])
        }
        return try render(conversation: [
            ("messages", .array(list)), ("add_generation_prompt", .bool(addGenerationPrompt)),
        ])
    }

    /// Renders `variables` with those that a chat template can rely on where they leave them out.
    ///
    /// `messages`, `add_generation_prompt`, `tools` and `documents` are always defined, and `bos_token` and `eos_token`
    /// are this template's.
    package func render(conversation variables: [(name: String, value: JSONValue)]) throws -> String {
        var context: [(name: String, value: JSONValue)] = [
            ("messages", .array([])), ("tools", .null), ("documents", .null), ("add_generation_prompt", .bool(false)),
        ]
        if let bosToken { context.append(("bos_token", .string(bosToken))) }
        if let eosToken { context.append(("eos_token", .string(eosToken))) }
        return try render(context: context + variables)
    }

    /// Renders with exactly the variables in `context`; of two with the same name the last one counts.
    ///
    /// - Throws: `TokenizationError` with code `.template`: the message that the template refuses with, or what went
    ///   wrong in it, and in which line.
    package func render(context: [(name: String, value: JSONValue)]) throws -> String {
        let values = JSONValue.object(context)
        let limits = limits.scaled(values: values.valueCount, bytes: values.textBytes)
        let interpreter = JinjaInterpreter(limits: limits, now: now)
        do {
            var variables: [String: JinjaValue] = [:]
            for (name, value) in context { variables[name] = try JinjaValue(value) }
            return try interpreter.render(statements, variables)
        } catch let fault as JinjaFault where fault.isRefusal {
            throw TokenizationError(.template, fault.message)
        } catch let fault as JinjaFault {
            throw TokenizationError(
                .template, "The chat template fails in line \(fault.line ?? interpreter.line): \(fault.message).")
        }
    }
}

extension JinjaValue {
    /// Makes a value of what JSON says.
    init(_ json: JSONValue) throws {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .text(value)
        case .array(let items): self = .list(try JinjaList(.list, try items.map { try JinjaValue($0) }))
        case .object(let members):
            self = .dictionary(
                try JinjaDictionary(
                    try members.map { name, value in
                        let name = JinjaText(name)
                        return (.text(name), .text(name), try JinjaValue(value))
                    }))
        }
    }
}
