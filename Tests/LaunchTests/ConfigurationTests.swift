import Chat
import Launch
import Testing

@testable import TOML

@Suite struct ConfigurationTests {
    private func configuration(_ text: String) throws -> Configuration {
        try Configuration(path: "/c.toml", text: text)
    }

    private func settings(_ text: String = "", environment: [String: String] = [:]) throws -> Settings {
        Settings(environment: environment, configuration: try configuration(text))
    }

    @Test func everyKeyIsRead() throws {
        let settings = try settings(
            """
            model = "m"          # the model
            threads = 3
            precision = "exact"
            theme = "nord"
            color = "never"
            plain = true
            system = "Be brief."
            glyphs = "ascii"

            [sampler]
            temp = 1
            top_p = 0.5
            top_k = 7
            min_p = 0.25
            repeat_penalty = 1.5
            seed = 9
            """)
        #expect(try settings.value(of: SettingKeys.model, flag: nil)?.value == "m")
        #expect(try settings.value(of: SettingKeys.threads, flag: nil)?.value == 3)
        #expect(try settings.value(of: SettingKeys.precision, flag: nil)?.value == .exact)
        #expect(try settings.value(of: SettingKeys.theme, flag: nil)?.value == "nord")
        #expect(try settings.value(of: SettingKeys.color, flag: nil)?.value == .never)
        #expect(try settings.value(of: SettingKeys.plain, flag: nil)?.value == true)
        #expect(try settings.value(of: SettingKeys.system, flag: nil)?.value == "Be brief.")
        #expect(try settings.value(of: SettingKeys.glyphs, flag: nil)?.value == .ascii)
        #expect(try settings.value(of: SettingKeys.temperature, flag: nil)?.value == 1)
        #expect(try settings.value(of: SettingKeys.topP, flag: nil)?.value == 0.5)
        #expect(try settings.value(of: SettingKeys.topK, flag: nil)?.value == 7)
        #expect(try settings.value(of: SettingKeys.minP, flag: nil)?.value == 0.25)
        #expect(try settings.value(of: SettingKeys.repeatPenalty, flag: nil)?.value == 1.5)
        #expect(
            try settings.value(of: SettingKeys.seed, flag: nil)
                == Setting(value: 9, origin: .configuration(path: "/c.toml", line: 16)))
    }

    @Test func everyKeyOfTheScreenIsRead() throws {
        let settings = try settings(
            """
            keybar = "off"
            meters = "off"
            editmode = "vi"
            wrap = "off"
            timestamps = "off"
            mouse = "on"
            paste_limit = 0
            notify = "osc9"
            fps = 10
            """, environment: ["HISS_FPS": "12"])
        #expect(try settings.value(of: SettingKeys.editMode, flag: nil)?.value == .vi)
        let listing = try settings.listing(flags: ["wrap": "on"])
        let found = Dictionary(uniqueKeysWithValues: listing.map { ($0.name, "\($0.value) \($0.origin)") })
        #expect(found["keybar"] == "off /c.toml:1" && found["meters"] == "off /c.toml:2")
        #expect(found["wrap"] == "on /set wrap" && found["timestamps"] == "off /c.toml:5")
        #expect(found["mouse"] == "on /c.toml:6" && found["paste_limit"] == "0 /c.toml:7")
        #expect(found["notify"] == "osc9 /c.toml:8" && found["fps"] == "12 HISS_FPS")
        for name in SettingKeys.screen { #expect(found[name] != nil) }
    }

    @Test(arguments: [
        ("fps = 60", "/c.toml:1: fps cannot be 60"), ("paste_limit = \"few\"", "/c.toml:1: paste_limit cannot be"),
        ("editmode = \"ed\"", "/c.toml:1: editmode cannot be"), ("notify = true", "/c.toml:1: notify cannot be"),
        ("modle = 'x'", "/c.toml:1: there is no setting called 'modle'"),
        ("\n[sampler]\nheat = 1", "/c.toml:3: there is no setting called 'sampler.heat'"),
        ("threads = '2'", "/c.toml:1: threads cannot be"),
        ("threads = 0", "/c.toml:1: threads cannot be 0"),
        ("[sampler]\n\ntop_p = 2.0", "/c.toml:3: sampler.top_p cannot be 2"),
        ("plain = 1", "/c.toml:1: plain cannot be 1"),
        ("color = \"pink\"", "/c.toml:1: color cannot be"),
        ("sampler = 3", "/c.toml:1: there is no setting called 'sampler'"),
        ("model = \"a\"\nthreads = = 2", "/c.toml:2 is not TOML"),
    ])
    func mistakesNameFileLineAndKey(_ text: String, _ message: String) throws {
        let error = try #require(throws: LaunchError.self) { try configuration(text) }
        #expect(error.status == .usage)
        #expect(error.failure.what.hasPrefix(message), "\(error)")
        #expect(error.failure.why != nil)
    }

    @Test func theFirstPlaceThatHasAValueWins() throws {
        let environment = ["HISS_THREADS": "5", "HISS_SAMPLER_TEMP": ""]
        let settings = try settings("threads = 4\nmodel = 'c'\n[sampler]\ntemp = 0.5", environment: environment)
        let key = SettingKeys.threads
        #expect(try settings.value(of: key, flag: "6") == Setting(value: 6, origin: .flag("--threads")))
        #expect(try settings.value(of: key, flag: nil) == Setting(value: 5, origin: .environment("HISS_THREADS")))
        #expect(
            try settings.value(of: SettingKeys.model, flag: nil)
                == Setting(value: "c", origin: .configuration(path: "/c.toml", line: 2)))
        #expect(try settings.value(of: SettingKeys.temperature, flag: nil)?.value == 0.5)
        #expect(
            try settings.value(of: SettingKeys.topK, flag: nil, builtIn: 40) == Setting(value: 40, origin: .builtIn))
        #expect(try settings.value(of: SettingKeys.topP, flag: nil) == nil)
    }

    @Test(arguments: ["-1", "nan", "101", "warm", ""])
    func wrongTemperaturesAreRefusedWithTheirRange(_ text: String) throws {
        let settings = try settings()
        let error = try #require(throws: LaunchError.self) {
            try settings.value(of: SettingKeys.temperature, flag: text)
        }
        #expect(error.status == .usage)
        #expect(error.failure.what == "--temp cannot be '\(text)'")
        #expect(error.failure.why?.contains("from 0") == true)
        #expect(error.failure.advice == "--temp 0.7")
    }

    @Test func wrongVariablesAreNamed() throws {
        let settings = try settings(environment: ["HISS_THREADS": "many"])
        let error = try #require(throws: LaunchError.self) { try settings.value(of: SettingKeys.threads, flag: nil) }
        #expect(error.failure.what == "HISS_THREADS cannot be 'many'")
        #expect(error.failure.advice == "HISS_THREADS=2")
    }

    @Test(arguments: [
        ("auto", [:], true, true),
        ("auto", [:], false, false),
        ("auto", ["TERM": "dumb"], true, false),
        ("auto", ["NO_COLOR": "1"], true, false),
        ("auto", ["NO_COLOR": ""], true, true),
        ("auto", ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], true, false),
        ("auto", ["CLICOLOR_FORCE": "1"], false, true),
        ("auto", ["CLICOLOR_FORCE": "0"], false, false),
        ("auto", ["CLICOLOR": "0"], true, false),
        ("always", ["NO_COLOR": "1"], false, true),
        ("never", ["CLICOLOR_FORCE": "1"], true, false),
    ])
    func colorFollowsTheAgreedOrder(
        _ choice: String, _ environment: [String: String], _ isTerminal: Bool, _ expected: Bool
    ) throws {
        let settings = try settings(environment: environment)
        let color = try settings.value(of: SettingKeys.color, flag: choice, builtIn: .auto)
        #expect(settings.usesColor(color, isTerminal: isTerminal) == expected)
    }

    @Test func aFileThatWasAskedForHasToExist() throws {
        let directories = Directories(environment: [:], home: "/nonexistent", executable: "/nonexistent/bin/hiss")
        let settings = Settings(
            environment: [:], configuration: try Configuration(path: nil, directories: directories))
        #expect(try settings.value(of: SettingKeys.model, flag: nil) == nil)
        let error = try #require(throws: LaunchError.self) {
            try Configuration(path: "/nonexistent/c.toml", directories: directories)
        }
        #expect(error.status == .usage)
        #expect(error.failure.what.contains("/nonexistent/c.toml"))
    }

    /// TOMLKit's own parser ends the program on these.
    @Test(arguments: [
        "[ = 1", "[é]", "theme = \"ansi\"\n[\n", "[a.é]", "[[", "[ ]", "[.\n", "\u{FEFF}[`", "[a.\n", "[[[a]]]", "[[a]",
    ])
    func headersWithoutANameAreErrors(_ text: String) {
        #expect(throws: LaunchError.self) { try Configuration(path: "config.toml", text: text) }
    }

    /// On the first of these, too.
    @Test(arguments: ["meters = [}]", "system = \"a\"]", "theme = 'a\\'}", "a = {b = [1}]", "a = \"\"\"\n]\"\"\"}"])
    func bracketsThatCloseNothingAreErrors(_ text: String) throws {
        let error = try #require(throws: LaunchError.self) { try Configuration(path: "config.toml", text: text) }
        #expect(error.description.contains("closes nothing"))
    }

    @Test(arguments: ["theme = nord", "a = [1, on]", "a = {b = 1111-11-q}", "a = 1979-05-27"])
    func bareTextsAndDatesAreErrors(_ text: String) throws {
        let error = try #require(throws: LaunchError.self) { try Configuration(path: "config.toml", text: text) }
        #expect(error.description.contains("texts stand in quotes"))
    }

    @Test(arguments: ["a = -1_0", "a = [1.5e-3, true,\n0xFF ]", "a = {b = false, c.d = +inf}", "a.\"b\" = 'c'"])
    func bareNumbersAndTruthsAreFine(_ text: String) {
        #expect(TOMLOutline.problem(in: text) == nil)
    }

    @Test(arguments: ["[a . b]", "[\"a]\".b] # c", "[[ 'x' ]]", "a = [\n  [1, 2],\n[3]\n]\n", "\t[a]\r\n"])
    func namesAndNestedListsAreFine(_ text: String) {
        #expect(TOMLOutline.problem(in: text) == nil)
    }

    @Test func bracketsInTextsAndCommentsAreNone() throws {
        let text = "system = \"a] \\\" }\" # ]\ntheme = 'b]}\\'\n[sampler]\ntemp = 1\nstop = [\"\"\"\n}]\\\"\"\"\"]\n"
        #expect(TOMLOutline.problem(in: text) == nil)
    }

    @Test func linesOfLongTextsAreNoHeaders() throws {
        let text = "system = \"\"\"\n[é is no table]\n\"\"\"\n[sampler]\ntemp = 1\n"
        #expect(throws: Never.self) { try Configuration(path: "config.toml", text: text) }
    }
}
