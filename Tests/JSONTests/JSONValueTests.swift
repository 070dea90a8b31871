import JSON
import Testing

@Suite struct JSONValueTests {
    private func read(_ text: String, _ dialect: JSONDialect = .standard) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), dialect: dialect)
    }

    /// What only the standard refuses.
    static let wordsOfPython = ["NaN", "Infinity", "-Infinity", "99999999999999999999", "\u{FEFF}[]"]

    static let invalid = [
        "", " ", "nul", "truex", "[1", "[1,]", "[1 2]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "01", "1.",
        ".5", "+1", "-", "1e", "1e+", "'a'", #""a"#, "\"a\nb\"", #""\x""#, #""\u12g4""#, #""\ud800""#,
        #""\ud800\u0041""#, #""\udc00""#, "1 2", "[1]]", "// c\n1", "Nan", "-Inf", "Infinit",
        String(repeating: "[", count: 100_000),
    ]

    @Test(arguments: invalid, [JSONDialect.standard, .python])
    func invalidTextIsRefused(_ text: String, _ dialect: JSONDialect) {
        #expect(throws: JSONError.self) { try read(text, dialect) }
    }

    @Test(arguments: wordsOfPython)
    func whatPythonAddsIsReadOnlyWhereAskedFor(_ text: String) throws {
        #expect(throws: JSONError.self) { try read(text) }
        _ = try read(text, .python)
    }

    @Test func pythonsNumbersAreFloats() throws {
        let values = try read("[Infinity, -Infinity, NaN, 1000000000000000019884624838656]", .python).array ?? []
        #expect(values.compactMap(\.double).prefix(2) == [.infinity, -.infinity])
        #expect(values[2].double?.isNaN == true)
        #expect(values[3].double == 1e30 && values[3].int == nil)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E, 0xFF, 0x22]) }
    }

    @Test func theMessageNamesThePlace() {
        let error = #expect(throws: JSONError.self) { try read(#"{"a": tru}"#) }
        #expect(error?.offset == 6)
        #expect(error?.description == "no value starts at byte 6 of 10")
    }

    @Test func kindsAndOrderAreKept() throws {
        let value = try read(#"{"z": 1, "a": [1.0, 1.5, true, null, "x\u00e9\ud83d\ude00"], "n": -0.0}"#)
        #expect(value.object?.map(\.name) == ["z", "a", "n"])
        #expect(value["z"]?.int == 1 && value["z"]?.double == 1)
        let items = value["a"]?.array ?? []
        #expect(items[0].int == 1 && items[1].int == nil && items[1].double == 1.5)
        if case .float = items[0] {} else { Issue.record("1.0 became \(items[0])") }
        #expect(items[2].bool == true && items[2].int == nil && items[3].isNull)
        #expect(items[4].string == "xé😀")
        #expect(value["n"]?.double?.sign == .minus)
        #expect(value["none"] == nil && items[0]["a"] == nil && value.isObject)
    }

    @Test func theLastOfTwoMembersCounts() throws {
        #expect(try read(#"{"a": 1, "b": 2, "a": 3}"#)["a"]?.int == 3)
    }

    @Test func everyTruncationIsRefused() throws {
        let text = Array(#"{"a": [1, -2.5e3, true, null, "x\n\ud83d\ude00é"], "b": {}}"#.utf8)
        _ = try JSONValue(parsing: text)
        for count in text.indices {
            #expect(throws: JSONError.self, "cut to \(count) bytes") { try JSONValue(parsing: Array(text[..<count])) }
        }
    }
}
