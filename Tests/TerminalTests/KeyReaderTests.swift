import Testing

extension InTerminal {
    @Suite struct KeyReaderTests {
        static let sequences: [(String, String)] = [
            ("\r", "key enter"), ("\n", "key control-'j'"), ("\u{1B}\r", "key alt-enter"),
            ("\u{1B}[13;2u", "key shift-enter"), ("\u{1B}[27;2;13~", "key shift-enter"), ("\u{1B}", "key escape"),
            ("\u{1B}[A", "key up"), ("\u{1B}OA", "key up"), ("\u{1B}[1;5A", "key control-up"),
            ("\u{1B}[1;5C", "key control-right"), ("\u{1B}[1;5D", "key control-left"), ("\u{1B}[1;3A", "key alt-up"),
            ("\u{1B}[1;3B", "key alt-down"), ("\u{1B}[1;2C", "key shift-right"), ("\u{1B}[Z", "key backTab"),
            ("\u{1B}[H", "key home"), ("\u{1B}OF", "key end"), ("\u{1B}[5~", "key pageUp"),
            ("\u{1B}[6~", "key pageDown"),
            ("\u{1B}[3~", "key delete"), ("\u{1B}[3;5~", "key control-delete"), ("\u{7F}", "key backspace"),
            ("\t", "key tab"), ("\u{1B}OP", "key F1"), ("\u{1B}[20~", "key F9"), ("\u{1B}[21~", "key F10"),
            ("\u{1B}[1;2P", "key shift-F1"), ("\u{1B}b", "key alt-'b'"), ("\u{3}", "key control-'c'"),
            ("\u{1F}", "key control-'_'"), ("日", "key '\\u{65e5}'"),
            ("👩‍👩‍👧", "key '\\u{1f469}\\u{200d}\\u{1f469}\\u{200d}\\u{1f467}'"),
        ]

        @Test(arguments: ["xterm-256color", "tmux-256color", "vt220"])
        func eachSequenceIsItsKey(terminal: String) async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(
                ProbeLog.probe, ["screen", log.path], environment: PseudoTerminal.environment(["TERM": terminal]))
            _ = try await log.waitForLine(startingWith: "ready")
            var counts: [String: Int] = [:]
            for (sequence, event) in Self.sequences {
                counts[event, default: 0] += 1
                pty.send(sequence)
                try await log.waitForLine(event, times: counts[event, default: 1])
            }
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            #expect(log.lines.count { $0.hasPrefix("key") } == Self.sequences.count + 1)
        }

        @Test func focusAndUnknownSequencesAreNoKeys() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["screen", log.path])
            _ = try await log.waitForLine(startingWith: "ready")
            pty.send("\u{1B}[I\u{1B}[O\u{1B}[201~\u{1B}[97;5ux")
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            let events = log.events.filter { $0 != "shown" }
            #expect(events == ["focus in", "focus out", "key 'x'", "key control-'q'"])
        }

        @Test func bytesThatAreNoTextDoNoHarm() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["screen", log.path])
            _ = try await log.waitForLine(startingWith: "ready")
            pty.send([0xFF, 0x61, 0xC3, 0x62, 0xE6, 0x97])
            try await log.waitForLine("key 'b'")
            // The rest of a character may come later.
            pty.send([0xA5])
            try await log.waitForLine("key '\\u{65e5}'")
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            let replaced = "key '\\u{fffd}'"
            #expect(
                log.events
                    == [replaced, "key 'a'", replaced, "key 'b'", "key '\\u{65e5}'", "key control-'q'"])
        }

        static let pastes: [(String, String)] = [
            ("one\rtwo", "one\\u{a}two"), ("one\r\ntwo\nthree\r", "one\\u{a}two\\u{a}three\\u{a}"), ("", ""),
            ("a\u{1B}[Ab\u{1B}", "a\\u{1b}[Ab\\u{1b}"), ("\u{1B}[201", "\\u{1b}[201"),
            ("\u{1B}\u{1B}[20\u{1B}[2", "\\u{1b}\\u{1b}[20\\u{1b}[2"), ("日👩‍👧", "\\u{65e5}\\u{1f469}\\u{200d}\\u{1f467}"),
            ("\u{3}\u{11}\t", "\\u{3}\\u{11}\\u{9}"),
        ]

        @Test func aPasteIsOneEventAndAllOfItIsText() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["screen", log.path])
            _ = try await log.waitForLine(startingWith: "ready")
            for (text, _) in Self.pastes { pty.send("<\u{1B}[200~\(text)\u{1B}[201~>") }
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            let expected = Self.pastes.flatMap { ["key '<'", "paste \($0.1)", "key '>'"] }
            #expect(log.events == expected + ["key control-'q'"])
        }

        @Test func aLongPasteInPiecesIsWhole() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["screen", log.path])
            _ = try await log.waitForLine(startingWith: "ready")
            let lines = (1...500).map { "line \($0) of a paste, 日本 \($0)" }
            let bytes = Array("\u{1B}[200~\(lines.joined(separator: "\r"))\u{1B}[201~".utf8)
            for start in stride(from: 0, to: bytes.count, by: 997) {
                pty.send(Array(bytes[start..<min(start + 997, bytes.count)]))
            }
            let found = try await log.waitForLine(startingWith: "paste ")
            let expected = lines.joined(separator: "\\u{a}").replacing("日本", with: "\\u{65e5}\\u{672c}")
            #expect(found == expected)
        }

        @Test func anEndInsideAPasteEndsIt() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["screen", log.path])
            _ = try await log.waitForLine(startingWith: "ready")
            pty.send("\u{1B}[200~a\u{1B}[201~b\u{1B}[201~\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            #expect(log.events == ["paste a", "key 'b'", "key control-'q'"])
        }

        @Test(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)"), arguments: [2, 500])
        func aTerminalsOwnPasteIsOneEvent(count: Int) async throws {
            let log = try ProbeLog()
            let tmux = try Tmux("\(ProbeLog.probe) screen \(log.path)")
            _ = try await log.waitForLine(startingWith: "ready")
            let lines = (1...count).map { "line \($0)" }
            try tmux.paste(lines.joined(separator: "\n"))
            #expect(try await log.waitForLine(startingWith: "paste ") == lines.joined(separator: "\\u{a}"))
        }

        @Test(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)"))
        func aTerminalsOwnKeysAreKnown() async throws {
            let log = try ProbeLog()
            let tmux = try Tmux("\(ProbeLog.probe) screen \(log.path)")
            _ = try await log.waitForLine(startingWith: "ready")
            let keys = [
                ("Enter", "key enter"), ("C-j", "key control-'j'"), ("M-Enter", "key alt-enter"),
                ("Escape", "key escape"),
                ("Up", "key up"), ("C-Left", "key control-left"), ("M-Up", "key alt-up"), ("BTab", "key backTab"),
                ("PgUp", "key pageUp"), ("F1", "key F1"), ("BSpace", "key backspace"), ("M-b", "key alt-'b'"),
            ]
            for (key, event) in keys {
                try tmux.press(key)
                try await log.waitForLine(event)
            }
        }
    }
}
