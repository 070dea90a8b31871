import Screen
import Terminal
import Testing

@Suite struct ColorTests {
    struct Case: CustomTestStringConvertible {
        var flag: ColorChoice?
        var environment: [String: String] = [:]
        var isTerminal = true
        var isOn: Bool
        var testDescription: String { "\(flag.map(\.rawValue) ?? "-") \(environment) terminal \(isTerminal)" }
    }

    @Test(arguments: [
        Case(isOn: true), Case(isTerminal: false, isOn: false), Case(environment: ["TERM": "dumb"], isOn: false),
        Case(environment: ["CLICOLOR": "0"], isOn: false), Case(environment: ["CLICOLOR": "1"], isOn: true),
        Case(environment: ["CLICOLOR_FORCE": "1", "CLICOLOR": "0"], isTerminal: false, isOn: true),
        Case(environment: ["CLICOLOR_FORCE": "0"], isTerminal: false, isOn: false),
        Case(environment: ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], isOn: false),
        Case(environment: ["NO_COLOR": ""], isOn: true),
        Case(environment: ["HISS_COLOR": "always", "NO_COLOR": "1"], isTerminal: false, isOn: true),
        Case(environment: ["HISS_COLOR": "never", "CLICOLOR_FORCE": "1"], isOn: false),
        Case(environment: ["HISS_COLOR": "auto", "NO_COLOR": "1"], isOn: false),
        Case(flag: .always, environment: ["HISS_COLOR": "never", "TERM": "dumb"], isTerminal: false, isOn: true),
        Case(flag: .never, environment: ["HISS_COLOR": "always"], isOn: false),
        Case(flag: .auto, environment: ["HISS_COLOR": "never"], isOn: false),
    ])
    func theFirstThatDecidesWins(example: Case) throws {
        let isOn = try ColorChoice.isOn(
            flag: example.flag, environment: example.environment, isTerminal: example.isTerminal)
        #expect(isOn == example.isOn)
    }

    @Test func aWordThatMeansNothingIsNamed() {
        let error = #expect(throws: TerminalError.self) {
            try ColorChoice.isOn(flag: nil, environment: ["HISS_COLOR": "yes"], isTerminal: true)
        }
        #expect(error?.message.contains("\"yes\"") == true)
    }

    @Test(
        arguments: [
            (0, Color.rgb(red: 255, green: 0, blue: 0), -1), (0, .indexed(4), -1), (256, .terminal, -1),
            (256, .indexed(4), 4), (256, .indexed(200), 200), (256, .rgb(red: 255, green: 0, blue: 0), 196),
            (256, .rgb(red: 128, green: 128, blue: 128), 244), (256, .rgb(red: 0, green: 0, blue: 0), 16),
            (16, .indexed(12), 12), (16, .indexed(196), 9), (16, .rgb(red: 10, green: 10, blue: 10), 0),
            (16, .rgb(red: 250, green: 250, blue: 250), 15), (8, .indexed(12), 4),
            (8, .rgb(red: 0, green: 220, blue: 10), 2),
        ] as [(Int, Color, Int32)])
    func theNearestColorIsTaken(colors: Int, color: Color, number: Int32) {
        #expect(Palette(colors: colors, isDirect: false).number(of: color) == number)
    }

    @Test func directColorsKeepTheirValue() {
        let palette = Palette(colors: 0x1000000, isDirect: true)
        #expect(palette.number(of: .rgb(red: 1, green: 2, blue: 3)) == 0x010203)
        #expect(palette.number(of: .rgb(red: 0, green: 0, blue: 3)) == 8)
        #expect(palette.number(of: .indexed(3)) == 3)
        #expect(palette.number(of: .indexed(196)) == 0xFF0000)
    }
}
