import Testing
import Tokenization

@Suite struct JinjaLimitsTests {
    private let limits = JinjaLimits(steps: 100_000, valueBytes: 4 << 20, outputBytes: 1 << 16)

    @Test(arguments: [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = a in range(99999) %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = big == big2 %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = 'ab' in big %}{% endfor %}",
        "{% for a in range(99999) %}{{ big|wordcount }}{% endfor %}",
        "{% for a in range(99999) %}{% set x = big is lower %}{% endfor %}",
        "{% set ns = namespace(x=[1], y=[1]) %}{% for a in range(40) %}{% set ns.x = [ns.x, ns.x] %}"
            + "{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{{ range(90000)|map('string')|map('length')|select|list|length }}{{ range(90000)|sum }}",
    ])
    func endlessWorkIsRefused(_ source: String) {
        let text = String(repeating: "a", count: 10000)
        let message = templateError {
            try render(source, "{\"big\": \"\(text)\", \"big2\": \"\(text)\"}", limits: JinjaLimits(steps: 10000))
        }
        #expect(message.contains("steps"), "\(message)")
    }

    @Test(arguments: [
        "{{ 'a' * 10**9 }}", "{{ 'a' * 9223372036854775807 }}", "{{ 'ab' * 9223372036854775807 }}",
        "{{ ([1] * 10**9)|length }}", "{{ ([1, 2] * 9000000000000000000)|length }}",
        "{{ 'a'|center(10**9) }}", "{{ 'a'.ljust(10**12) }}", "{{ 'a'.zfill(9223372036854775807) }}",
        "{{ ('a\n' * 1000)|indent(10**9) }}", "{{ ('a\t' * 1000).expandtabs(10**6) }}",
        "{{ ('a' * 10000)|replace('a', 'b' * 10000) }}", "{{ ('a' * 10000).replace('', 'b' * 10000) }}",
        "{{ ('b' * 10000).join('a' * 10000) }}", "{{ [1]|tojson(indent=10**9) }}",
        "{{ '%*d' % (10**9, 5) }}{{ '%5000d' % 5 }}", "{{ [1]|batch(10**9, 0)|list }}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% macro m(x) %}{{ x }}{{ x }}{{ caller() if caller }}{% endmacro %}{% set ns = namespace(s='aaaaaaaa') %}"
            + "{% for i in range(99) %}{% set ns.s = m(ns.s) %}{% endfor %}",
        "{{ '{:9999999999}'.format(1) }}", "{{ '{0:>4000}'.format(1) * 4000 }}",
    ])
    func valuesThatGrowAreRefusedBeforeTheyAreMade(_ source: String) {
        _ = templateError { try render(source, limits: limits) }
    }

    @Test func aLongResultIsRefused() {
        let message = templateError {
            try render("{% for i in range(9999) %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}", limits: limits)
        }
        #expect(message.contains("65536 bytes"), "\(message)")
    }

    @Test(arguments: [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a()|upper }}{% endmacro %}{{ a() }}",
        "{% macro m() %}{{ caller() }}{% call m() %}{% endcall %}{% endmacro %}{% call m() %}{% endcall %}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set ns = namespace(x=1) %}{% for i in range(999) %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(999) %}{% set ns.x = ns.x|map('string') %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(999) %}{% set ns.x = {'a': ns.x}.get %}{% endfor %}",
        "{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns }}",
    ])
    func endlessDepthIsRefused(_ source: String) {
        #expect(templateError { try render(source) }.contains("deep"))
    }

    @Test(
        arguments: [
            ("(", ")"), ("[", "]"), ("{1:", "}"), ("not ", ""), ("-", ""), ("x[", "]"), ("x(", ")"), ("x|f(", ")"),
            ("1 if 1 else ", ""), ("1 + ", ""), ("x.y", ""), ("x|f", ""), ("x is f(", ")"), ("(1 + ", ")"),
        ])
    func deepExpressionsAreRefused(_ opening: String, _ closing: String) {
        for count in [150, 20000] {
            let inner = ["x.y", "x|f"].contains(opening) ? "" : "1"
            let source = String(repeating: opening, count: count) + inner + String(repeating: closing, count: count)
            #expect(templateError { try JinjaTemplate(source: "{{ " + source + " }}") }.contains("line 1"))
        }
    }

    @Test func deepStatementsAreRefused() {
        let source = String(repeating: "{% if 1 %}", count: 5000)
        #expect(templateError { try JinjaTemplate(source: source) }.contains("nested more than"))
    }

    /// What nests as deep as is allowed needs no more stack than a thread has.
    @Test func theDeepestNestingFits() throws {
        let list = String(repeating: "[", count: 50) + "1" + String(repeating: "]", count: 50)
        let source = "{% macro m(n) %}{{ m(n - 1) if n else \(list)|tojson|length }}{% endmacro %}{{ m(40) }}"
        #expect(try render(source) == "101")
    }

    @Test func objectsThatHoldEachOtherAreLetGo() throws {
        let source = "{% set a = namespace() %}{% set b = namespace(a=a) %}{% set a.b = b %}{{ b.a.b.a is defined }}"
        #expect(try render(source) == "True")
    }

    @Test func longConversationsMayTakeMore() throws {
        let message = #"{"role": "user", "content": "\#(String(repeating: "word ", count: 100))"}"#
        let context = "{\"messages\": [\(Array(repeating: message, count: 300).joined(separator: ","))]}"
        let source = "{% for m in messages %}{% set c = m.content.split('x')[0] + m.role %}{{ c }}{% endfor %}"
        #expect(
            try render(source, context, limits: JinjaLimits(steps: 100, valueBytes: 100, outputBytes: 100)).count
                == 151_200)
    }
}
