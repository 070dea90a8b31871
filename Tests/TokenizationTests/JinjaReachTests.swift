import Foundation
import Testing
import Tokenization

/// How far back templates look, told from their syntax.
@Suite struct JinjaReachTests {
    private func reach(_ source: String) throws -> TemplateReach { try JinjaTemplate(source: source).reach }

    @Test func builtInTemplatesLookAtTheirTurnOnly() throws {
        for template in BuiltInTemplates.all {
            #expect(try reach(template.source) == .turns, "\(template.name)")
        }
    }

    /// Those of the goldens; the one with thinking compares each answer's number with the last question's.
    @Test func releasedTemplatesLookAtTheirTurnOnly() throws {
        struct File: Decodable {
            struct Template: Decodable { var name, template: String }
            var templates: [Template]
        }
        let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/chat.json")
        let templates = try JSONDecoder().decode(File.self, from: Data(contentsOf: golden)).templates
        try #require(templates.count >= 12)
        for template in templates {
            let expected: TemplateReach = template.name == "namespace-thinking" ? .count : .turns
            #expect(try reach(template.template) == expected, "\(template.name)")
        }
    }

    @Test(arguments: [
        "{% for m in messages %}{{ m.content }}{% endfor %}",
        "{% for m in messages %}{% if '</think>' in m.content %}{{ m.content.split('</think>')[-1] }}"
            + "{% else %}{{ m.content }}{% endif %}{% endfor %}",
        "{% for m in messages %}{{ '!' if loop.last }}{{ m.role if loop.index0 % 2 == 0 }}{{ loop.revindex }}{% endfor %}",
        "{% for m in messages if m.role != 'system' %}{{ loop.index0 % 2 }}{{ m.content }}{% endfor %}",
        "{% if messages[0].role == 'system' %}{{ messages[0].content }}{% endif %}"
            + "{% for m in messages[1:] %}{{ m.content }}{% endfor %}",
        "{% set s = messages[0]['content'] if messages[0]['role'] == 'system' else 'Be brief.' %}{{ s }}",
        "{% set n = namespace(r='') %}{% for m in messages %}{{ m.content }}{% set n.r = m.role %}{% endfor %}{{ n.r }}",
        "{% macro turn(m) %}{{ m.role }}: {{ m.content | trim }}{% endmacro %}"
            + "{% for m in messages %}{{ turn(m) }}{% endfor %}",
        "{% for m in messages %}{% if m.role == 'tool' %}{% continue %}{% endif %}{{ m.content }}{% endfor %}",
        "{{ messages[-1].content }}{{ (messages | last).content }}",
    ])
    func whatAMessageSaysItself(_ source: String) throws {
        #expect(try reach(source) == .turns)
    }

    @Test(arguments: [
        "{{ messages | length }}", "{% for m in messages %}{{ loop.index }}{% endfor %}",
        "{% for m in messages %}{{ m.content }}{{ loop.index0 % 3 }}{% endfor %}",
        "{% if messages | length > 25 %}long{% endif %}",
        "{% set n = namespace(i=0) %}{% for m in messages %}{% set n.i = n.i + 1 %}{{ m.content }}{% endfor %}{{ n.i }}",
        "{% set n = namespace(i=0) %}{% for m in messages %}{{ m.content }}"
            + "{% if n.i %}{% set n.i = 0 %}{% else %}{% set n.i = 1 %}{% endif %}{% endfor %}{{ n.i }}",
        "{% for m in messages %}{{ m.content }}{% if loop.length > 30 %}!{% endif %}{% endfor %}",
    ])
    func howManyMessagesThereWere(_ source: String) throws {
        #expect(try reach(source) == .count)
    }

    @Test(arguments: [
        "{{ messages[0].content }}", "{{ messages[1].content }}", "{{ messages }}", "{{ messages[2:] }}",
        "{% if messages[0].role != 'system' %}{{ messages[0].content }}{% endif %}",
        "{{ messages | map(attribute='content') | join }}",
        "{% for m in messages[::-1] %}{{ m.content }}{% endfor %}",
        "{% for m in messages %}{{ m.content }}{% endfor %}{% for m in messages %}{{ m.content }}{% endfor %}",
        "{% for m in messages %}{% for o in messages %}{{ o.content }}{% endfor %}{% endfor %}",
        "{% set n = namespace(x=0) %}{% for m in messages %}{% if 'x' in m.content %}{% set n.x = 1 %}{% endif %}"
            + "{{ m.content }}{% endfor %}{{ n.x }}",
        "{% set n = namespace(x='') %}{% for m in messages %}{% set n.x = m.content %}{% endfor %}{{ n.x }}",
        "{% set n = namespace(x='') %}{% for m in messages %}{% set n.x = m.content %}{% endfor %}{{ n }}",
        "{% set l = [] %}{% for m in messages %}{% set _ = l.append(m.content) %}{% endfor %}{{ l }}",
        "{% for m in messages %}{{ m.content }}{% if m.content == 'end' %}{% break %}{% endif %}{% endfor %}",
        "{% for m in messages %}{{ loop.previtem.content }}{% endfor %}",
        "{% for m in messages if m.content %}{{ loop.index0 % 2 }}{% endfor %}",
        "{% set all %}{% for m in messages %}{{ m.content }}{% endfor %}{% endset %}{{ all }}",
        "{% set n = namespace(x=0) %}{% macro mark(m) %}{% set n.x = m.content %}{% endmacro %}"
            + "{% for m in messages %}{{ mark(m) }}{% endfor %}{{ n.x }}",
        "{% for m in messages %}{% if not m.content %}{{ raise_exception('empty') }}{% endif %}{% endfor %}",
        "{% set k = 'x' %}{% set n = namespace(x='') %}{% for m in messages %}{% set n.x = m.content %}{% endfor %}"
            + "{{ n[k] }}",
        "{% for m in messages %}{{ m.content }}{% endfor %}{% for i in range(messages | length) %}"
            + "{{ messages[i].content }}{% endfor %}",
    ])
    func whatOthersSaid(_ source: String) throws {
        #expect(try reach(source) == .texts)
    }
}
