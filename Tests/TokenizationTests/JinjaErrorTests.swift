import TestSupport
import Testing
import Tokenization

@Suite struct JinjaErrorTests {
    @Test func aRefusalGivesItsMessageOnly() {
        #expect(templateError { try render("{{ raise_exception('No system ' ~ 'role') }}") } == "No system role")
    }

    @Test(arguments: [
        ("a\n{{ x|nosuch }}", "line 2", "no filter called 'nosuch'"),
        ("{% if x is nosuch %}{% endif %}", "line 1", "no test called 'nosuch'"),
        ("\n\n{{ nosuch() }}", "line 3", "'nosuch' is undefined"),
        ("{{ 1 }}\n{{ d.zz.yy }}", "line 2", "'dict object' has no attribute 'zz'"),
        ("{{ 'a' + 1 }}", "line 1", "'+' does not work between 'str object' and 'int object'"),
        ("{{ d.update({}) }}", "line 1", "may not use 'update'"),
        ("{{ d.__class__.x }}", "line 1", "may not use '__class__'"),
        ("{% macro m() %}\n\n{{ 1 }}{% endmacro %}{{ m(\n1) }}", "line 3", "takes 0 arguments"),
        ("{% include 'file' %}", "line 1", "needs other templates"),
        ("\n{% for x in y %}\n{{ x }}", "line 2", "ends before 'else' or 'endfor'"),
        ("\n{{ x", "line 2", "a tag has no end"),
        ("{# x", "line 1", "a comment has no end"),
        ("{{ 'x }}", "line 1", "a string has no end"),
        ("{% endif %}", "line 1", "nothing is open"),
        ("{% what %}", "line 1", "the tag 'what' is unknown"),
        ("{{ 1 2 }}", "line 1", "'2' stands where '}}' is expected"),
        ("{{ 9999999999999999999 }}", "line 1", "too many"),
        ("{{ 2 ** 64 }}", "line 1", "does not fit 64 bits"),
    ])
    func errorsSayWhatAndWhere(_ source: String, _ line: String, _ what: String) {
        let message = templateError { try render(source, #"{"x": 1, "d": {"a": 1}}"#) }
        #expect(message.contains(line), "\(message)")
        #expect(message.contains(what), "\(message)")
    }

    @Test func syntaxIsCheckedBeforeRendering() {
        #expect(throws: TokenizationError.self) { try JinjaTemplate(source: "{{ a b }}") }
        #expect(throws: Never.self) { try JinjaTemplate(source: "{{ a|nosuch }}") }
    }

    /// Every beginning of every template, and thousands of small changes to them, are rendered or refused.
    @Test func damagedTemplatesAreRefusedOrRendered() throws {
        let sources = try JinjaGoldens.sources().map { Array($0.unicodeScalars) }
        let conversation = try #require(try JinjaGoldens.chats.get().first).variables
        let limits = JinjaLimits(steps: 20000, valueBytes: 1 << 20, outputBytes: 1 << 16)
        func run(_ scalars: [Unicode.Scalar]) -> Bool {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            do {
                _ = try JinjaTemplate(source: String(view), limits: limits).render(conversation: conversation)
                return true
            } catch {
                #expect(error is TokenizationError)
                return false
            }
        }
        var random = SeededGenerator(seed: 7)
        let parts = [
            "{{", "}}", "{%", "%}", "(", ")", "[", "]", "'", "|", ".", "-", "*", "0", "99999999", " in ", "\n", "{",
            "}",
        ]
        var rendered = 0
        for source in sources {
            for _ in 0..<40 where run(Array(source.prefix(Int.random(in: 0..<source.count, using: &random)))) {
                rendered += 1
            }
            for _ in 0..<150 {
                var changed = source
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let start = Int.random(in: 0..<changed.count, using: &random)
                    let end = min(start + Int.random(in: 0...6, using: &random), changed.count)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: changed.removeSubrange(start..<end)
                    case 1:
                        changed.insert(contentsOf: changed[start..<end], at: Int.random(in: 0...start, using: &random))
                    default:
                        changed.insert(
                            contentsOf: parts.randomElement(using: &random)?.unicodeScalars ?? "".unicodeScalars,
                            at: start)
                    }
                    if changed.isEmpty { changed = source }
                }
                if run(changed) { rendered += 1 }
            }
        }
        #expect(rendered > 100)
    }
}
