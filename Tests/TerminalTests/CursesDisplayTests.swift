import Testing

extension InTerminal {
    @Suite(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)")) struct CursesDisplayTests {
        private func start(_ arguments: String = "", environment: [String: String] = [:]) async throws -> (
            ProbeLog, Tmux
        ) {
            let log = try ProbeLog()
            let tmux = try Tmux("\(ProbeLog.probe) screen \(log.path) \(arguments)", environment: environment)
            _ = try await log.waitForLine(startingWith: "ready")
            return (log, tmux)
        }

        @Test(arguments: ["C.UTF-8", "C", "nosuch"])
        func eachCellIsInItsColumn(locale: String) async throws {
            let (_, tmux) = try await start(environment: ["LC_ALL": locale])
            let screen = try await tmux.waitForScreen("the last cell") { $0.count > 23 && $0[23].hasSuffix("#") }
            #expect(screen[0] == "日本|e\u{301}|👩|⚠|✅|한|end")
            #expect(screen[3] == "size 80x24")
            #expect(screen[23] == String(repeating: " ", count: 79) + "#")
        }

        @Test func whatIsNoTextIsReplaced() async throws {
            let (_, tmux) = try await start()
            let screen = try await tmux.waitForScreen("the second row") { $0.count > 1 && $0[1].hasPrefix("X") }
            #expect(screen[1] == "X\u{FFFD}\u{FFFD}\u{FFFD}Y")
            // Half a wide character would run over the edge.
            #expect(screen[4] == String(repeating: " ", count: 79) + "\u{FFFD}")
        }

        @Test func changedCellsReplaceWideOnes() async throws {
            let (log, tmux) = try await start()
            try tmux.press("F8")
            try await log.waitForLine("shown")
            let screen = try await tmux.waitForScreen("the other pattern") { $0[0].hasPrefix("a") }
            #expect(screen[0] == "a日本|e\u{301}|👩|⚠|✅|한|end")
        }

        @Test func stylesArriveAndColorsCanBeLeftOut() async throws {
            let (_, colored) = try await start()
            _ = try await colored.waitForScreen("styles") { $0[2] == "ssss" }
            let withColor = try colored.screen(styles: true)[2]
            #expect(withColor.contains("38;5;196m"))
            #expect(withColor.contains("44m"))
            #expect(withColor.contains("7m"))
            let (_, plain) = try await start("never")
            _ = try await plain.waitForScreen("styles") { $0[2] == "ssss" }
            let row = try plain.screen(styles: true)[2]
            #expect(!row.contains("38;5") && !row.contains("44m"))
            #expect(row.contains("\u{1B}[1m") && row.contains("7m"))
        }

        @Test func aResizeIsOneEventAndRedraws() async throws {
            let (log, tmux) = try await start()
            try tmux.resize(columns: 50, rows: 12)
            try await log.waitForLine("resized 50x12")
            let small = try await tmux.waitForScreen("the small frame") {
                $0[3] == "size 50x12" && $0[11].hasSuffix("#")
            }
            #expect(small[0] == "日本|e\u{301}|👩|⚠|✅|한|end")
            try tmux.resize(columns: 100, rows: 30)
            try await log.waitForLine("resized 100x30")
            let large = try await tmux.waitForScreen("the large frame") {
                $0[3] == "size 100x30" && $0[29].hasSuffix("#")
            }
            #expect(large.joined().count { $0 == "#" } == 1)
            #expect(log.lines.count { $0.hasPrefix("resized") } == 2)
        }

        @Test func theCursorStandsWhereTheFrameHasIt() async throws {
            let (_, tmux) = try await start()
            _ = try await tmux.waitForScreen("the frame") { $0[3] == "size 80x24" }
            #expect(try tmux.run("display-message", "-p", "#{cursor_x},#{cursor_y},#{cursor_flag}") == "5,3,1\n")
        }
    }
}
