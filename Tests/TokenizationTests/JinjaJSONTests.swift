import Testing
import Tokenization

@Suite struct JinjaJSONTests {
    private func read(_ text: String) throws -> OrderedJSON {
        try OrderedJSON.read(Array(text.utf8), source: "the input")
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

    @Test(arguments: [
        "", " ", "nul", "truex", "[1", "[1,]", "[1 2]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "01", "1.",
        ".5",
        "+1", "-", "1e", "1e+", "NaN", "Infinity", "'a'", #""a"#, "\"a\nb\"", #""\x""#, #""\u12g4""#, #""\ud800""#,
        #""\ud800\u0041""#, #""\udc00""#, "1 2", "[1]]", "\u{FEFF}[]", "// c\n1", "99999999999999999999",
        String(repeating: "[", count: 100_000),
    ])
    func invalidTextIsRefused(_ text: String) {
        #expect(throws: TokenizationError.self) { try read(text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: TokenizationError.self) { try OrderedJSON.read([0x22, 0xFF, 0x22], source: "the input") }
    }

    @Test func theMessageNamesThePlace() {
        #expect { try read(#"{"a": tru}"#) } throws: {
            "\($0)".contains("the input is not valid JSON: no value starts at byte 6")
        }
    }
}
