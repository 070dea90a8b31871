import JSON
import Testing
import Tokenization

@Suite struct JinjaJSONTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    private func written(_ text: String) throws -> String {
        try JinjaTemplate(source: "{{ value|tojson }}").render(context: [("value", try read(text))])
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-1", "1.5", "1.0", "9223372036854775807", "-9223372036854775808", "1e+16",
        "1e-05", #""""#, #""a\"b\\c\nd\te""#, #""\u0001é😀""#, "[]", "[1, [2, []]]", "{}",
        #"{"z": 1, "a": {"y": 2, "b": 3}, "1": [true, 1, 1.0]}"#,
    ])
    func orderAndKindsAreKept(_ text: String) throws {
        #expect(try written(text) == text)
    }

    @Test(arguments: [
        (#"{"a": 1, "b": 2, "a": 3}"#, #"{"a": 3, "b": 2}"#), (" [ 1 ,2 ]\n", "[1, 2]"),
        (#""\/\ud83d\ude00\u00e9""#, #""/😀é""#),
        ("1E2", "100.0"), ("-0", "0"), ("-0.0", "-0.0"),
    ])
    func spellingsAreUnderstood(_ text: String, _ expected: String) throws {
        #expect(try written(text) == expected)
    }
}
