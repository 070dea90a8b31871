import Chat
import Screen
import TestSupport
import Testing

@testable import UI

/// Text from models, users, files and other programs never acts on the terminal, wherever it is shown.
@Suite struct HostileTextTests {
    /// Text that would act on a terminal, or that confuses widths.
    static let corpus = [
        // The clipboard, with both ends and in the C1 form.
        "\u{1B}]52;c;aGFja2Vk\u{7}", "\u{1B}]52;c;?\u{1B}\\", "\u{9D}52;c;aGFja2Vk\u{9C}",
        // Links, titles, working folder, notifications, colours of the palette.
        "\u{1B}]8;;http://example.com\u{1B}\\link\u{1B}]8;;\u{1B}\\", "\u{1B}]0;title\u{7}", "\u{1B}]7;file:///\u{7}",
        "\u{1B}]9;hello\u{7}\u{1B}]777;notify;a;b\u{7}", "\u{1B}]4;1;rgb:00/00/00\u{7}",
        // Erasing, moving, modes, reports, and the program that is told to type.
        "\u{1B}[2J\u{1B}[H", "\u{1B}[?1049l\u{1B}[?2004l", "\u{1B}[6n\u{1B}[c\u{1B}[>q", "\u{1B}[20t\u{1B}[21t",
        "\u{9B}31m\u{9B}2J", "\u{1B}P+q544e\u{1B}\\", "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;eA==\u{7}\u{1B}\\",
        "\u{1B}_G\u{1B}\\",
        "\u{1B}c\u{1B}7\u{1B}8\u{1B}#8", "\u{1B}(0lqk\u{1B}(B", "\u{1B}%@",
        // An end of a paste, and one that is torn apart by tokens.
        "\u{1B}[201~rm -rf\r", "\u{1B}", "[2J", "\u{9B}",
        // Reading direction, invisible characters, tags.
        "\u{202E}evil\u{202C} \u{2066}x\u{2069}", "\u{202A}\u{202B}\u{202D}\u{2067}\u{2068}",
        "\u{FEFF}\u{200E}\u{200F}\u{61C}\u{200B}\u{2060}", "\u{E0001}\u{E0041}\u{AD}",
        // Every control character.
        "\r\u{8}\u{B}\u{C}\u{E}\u{F}", "\u{0}\u{7F}\u{80}\u{9F}\u{85}\u{2028}\u{2029}",
        String(String.UnicodeScalarView((0...0x1F).compactMap { Unicode.Scalar($0) })),
        String(String.UnicodeScalarView((0x7F...0x9F).compactMap { Unicode.Scalar($0) })),
        // Marks without end, joined emoji, letters that no table knows.
        "z" + String(repeating: "\u{300}", count: 100), "\u{300}", "👩\u{200D}👩\u{200D}👧 ⚠\u{FE0F} 🇫🇷🇫 \u{1FAE9}",
        "\u{FFFE}\u{FFFF}\u{10FFFF}\u{E000}",
    ]

    private func expectHarmless(_ frame: CellBuffer, _ what: String) {
        for row in 0..<frame.size.rows {
            for column in 0..<frame.size.columns {
                let scalars = frame[column, row].text.unicodeScalars
                let isInert = scalars.allSatisfy {
                    ![.control, .format, .surrogate, .lineSeparator, .paragraphSeparator]
                        .contains($0.properties.generalCategory)
                }
                #expect(isInert && scalars.count <= 5, "\(what): \(scalars.map(\.value)) at \(column), \(row)")
            }
        }
    }

    @Test(arguments: [(60, 15), (81, 40), (120, 40)])
    func saidAndAnswered(_ columns: Int, _ rows: Int) throws {
        var stage = try Stage(columns: columns, rows: rows)
        for text in Self.corpus {
            stage.send(.note(text))
            stage.send(.notice(text))
            stage.send(.input(.paste(text)))
            expectHarmless(stage.frame(), "written")
            let question = stage.press(.enter)
            #expect(question.last == .ask(text) || text.allSatisfy(\.isWhitespace))
            for scalar in text.unicodeScalars {
                let choice = TokenChoice(id: 1, text: String(scalar), probability: 1)
                let token = SampledToken(id: 1, text: choice.text, probability: 1, entropy: 0, alternatives: [choice])
                stage.send(.generation(.token(token, Metrics())))
            }
            expectHarmless(stage.frame(), "answered")
            stage.send(.generation(.failed(ChatFailure(what: text, why: text, advice: text))))
            expectHarmless(stage.frame(), "failed")
        }
    }

    @Test func inMarkdown() throws {
        for text in Self.corpus {
            var stage = try Stage(columns: 60, rows: 40)
            let written = "# \(text)\n**\(text)** _\(text)_ `\(text)`\n- \(text)\n> \(text)\n```\(text)\n\(text)\n```\n"
            stage.talk("Say it.", Script.answer(written))
            expectHarmless(stage.frame(), "Markdown")
        }
    }

    @Test func namesOfModelsSessionsBranchesAndThemes() throws {
        for text in Self.corpus {
            var summary = ModelSummary.sample
            (summary.name, summary.title, summary.precision) = (text, text, text)
            summary.attentionBaseline = AttentionBaseline(name: text, bytesPerToken: 1)
            for columns in [80, 140] {
                var stage = try Stage(columns: columns, summary: summary)
                stage.send(.sessionState(SessionState(name: text, branch: text, turn: text)))
                stage.talk("One?", Script.answer("Two."))
                stage.type("/stats")
                stage.press(.enter)
                expectHarmless(stage.frame(), "title")
                stage.send(.themes([ThemeChoice(name: text, theme: stage.model.theme)]))
                stage.press(.function(9))
                stage.send(.themes([ThemeChoice(name: text, theme: stage.model.theme)]))
                expectHarmless(stage.frame(), "themes")
            }
        }
    }

    @Test func sessionsTimelinesDifferencesAndTokens() throws {
        for text in Self.corpus {
            var stage = try Stage(columns: 100, rows: 40)
            let identity = ModelIdentity(name: text, model: text, tokenizer: text)
            let session = SessionInfo(
                id: SessionID("1"), name: text, model: identity, modelSource: text, systemPrompt: text, created: 0,
                changed: 0, turns: 1, firstWords: text)
            let found = FoundTurn(
                session: session.id, sessionName: text, turn: TurnID(1), excerpt: "\u{2068}\(text)\u{2069}")
            stage.press(.function(4))
            stage.send(.session(.success(.sessions([session], found: [found]))))
            expectHarmless(stage.frame(), "sessions")
            for key in ["r", "d"] {
                stage.type(key)
                expectHarmless(stage.frame(), "sessions, \(key)")
                stage.press(.escape)
            }
            stage.press(.function(5))
            let rows = [
                TimelineRow(label: "0", parent: nil, kind: .beginning, question: text, answer: text, digest: text),
                TimelineRow(
                    label: text, parent: "0", question: text, answer: text, tokens: 1, digest: text, branch: text,
                    bookmark: text, isCurrent: true, isOnPath: true),
            ]
            stage.send(.session(.success(.timeline(rows))))
            var difference = SessionOverlayTests.difference
            (difference.from, difference.to) = (text, text)
            difference.mostChanged = [.init(layer: 1, name: text, change: 1)]
            difference.before.top = [TokenChoice(id: 1, text: text, probability: 1)]
            stage.send(.session(.success(.difference(difference))))
            expectHarmless(stage.frame(), "timeline")
            stage.press(.escape)
            stage.send(.session(.success(.difference(difference))))
            expectHarmless(stage.frame(), "difference")
            var place = SessionOverlayTests.place
            let choice = TokenChoice(id: 1, text: text, probability: 1)
            (place.turn, place.text, place.rest, place.chosen, place.alternatives) = (
                text, text, text, choice, [choice]
            )
            stage.send(.session(.success(.tokens(place))))
            expectHarmless(stage.frame(), "tokens")
            stage.press(.escape)
            stage.send(.session(.success(.done(text))))
            stage.send(.session(.failure(ChatFailure(what: text, why: text, advice: text))))
            expectHarmless(stage.frame(), "notice")
        }
    }

    @Test func historyFindAndCopyMode() throws {
        for text in Self.corpus {
            var stage = try Stage(history: [text, "/find " + text])
            stage.talk("One?", Script.answer(text + " and more"))
            stage.control("r")
            stage.send(.input(.paste(text)))
            expectHarmless(stage.frame(), "history")
            stage.press(.escape)
            stage.press(.function(3))
            stage.send(.input(.paste(text)))
            stage.press(.enter)
            expectHarmless(stage.frame(), "find")
            stage.press(.escape)
            stage.control("x")
            stage.press(.character("["))
            stage.type("Vk/")
            stage.send(.input(.paste(text)))
            stage.press(.enter)
            expectHarmless(stage.frame(), "copy mode")
        }
    }

    @Test func commandsAndErrors() throws {
        for text in Self.corpus {
            for command in ["/", "/theme ", "/goto ", "/set theme ", "/set ", "/help ", "/mouse ", "/meters "] {
                var stage = try Stage()
                stage.send(.input(.paste(command + text)))
                expectHarmless(stage.frame(), command)
                stage.press(.enter)
                expectHarmless(stage.frame(), command)
                stage.send(.loadFailed(ChatFailure(what: text, why: text, advice: text)))
                expectHarmless(stage.frame(), command)
            }
        }
    }
}
