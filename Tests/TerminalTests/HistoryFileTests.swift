import Foundation
import Terminal
import Testing

@Suite struct HistoryFileTests {
    private let folder: ProbeLog
    private var path: String { folder.folder.appending(path: "history").path }

    init() throws {
        folder = try ProbeLog()
    }

    @Test func entriesComeBackAsTheyWere() throws {
        let entries = ["plain", "two\nlines", "日本 👩‍👩‍👧 é", "back\\slash \\012", "tab\there", "trailing "]
        let history = try HistoryFile(path: path)
        for entry in entries { history.add(entry) }
        #expect(history.entries == entries)
        #expect(try HistoryFile(path: path).entries == entries)
        #expect(history.problem == nil)
    }

    @Test func someLinesAreNotKept() throws {
        let history = try HistoryFile(path: path)
        for entry in ["a", "a", " secret", "", "  \n", "b", "a"] { history.add(entry) }
        #expect(history.entries == ["a", "b", "a"])
    }

    @Test func theOldestGoFirst() throws {
        let history = try HistoryFile(path: nil)
        for number in 1...5003 { history.add("line \(number)") }
        #expect(history.entries.count == 5000)
        #expect(history.entries.first == "line 4")
        #expect(history.entries.last == "line 5003")
    }

    @Test func anEmptyFileIsAnEmptyHistory() throws {
        try Data().write(to: URL(fileURLWithPath: path))
        let history = try HistoryFile(path: path)
        #expect(history.problem == nil)
        history.add("a")
        #expect(try HistoryFile(path: path).entries == ["a"])
    }

    @Test(arguments: ["not a history\n", "\u{0}\u{1}\u{2}"])
    func aForeignFileIsLeftAlone(content: String) throws {
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        let history = try HistoryFile(path: path)
        #expect(history.problem?.contains("not in the format") == true)
        history.add("a")
        #expect(history.entries == ["a"])
        #expect(FileManager.default.contents(atPath: path) == Data(content.utf8))
    }

    @Test func aMissingFolderIsNamed() throws {
        let nowhere = folder.folder.appending(path: "none/history").path
        let history = try HistoryFile(path: nowhere)
        #expect(history.problem == nil)
        history.add("a")
        #expect(history.problem?.contains(nowhere) == true)
        #expect(history.entries == ["a"])
    }

    @Test func aFolderIsNoHistory() throws {
        let history = try HistoryFile(path: folder.folder.path)
        #expect(history.problem?.contains("directory") == true)
    }

    @Test func nothingIsLeftBeside() throws {
        let history = try HistoryFile(path: path)
        for number in 1...5 { history.add("line \(number)") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.folder.path) == ["history"])
    }
}
