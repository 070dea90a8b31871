import Foundation
import TestSupport
import Testing

@testable import Launch

@Suite struct ConfigurationEditorTests {
    static let text = """
        # My settings
        theme = "nord"   # cold

        [sampler]
        temp = 0.7 # warm
        top_k=40

        """

    @Test(arguments: [
        ("theme", "ansi", "theme = \"nord\"   # cold", "theme = \"ansi\"   # cold"),
        ("sampler.temp", "0.2", "temp = 0.7 # warm", "temp = 0.2 # warm"),
        ("sampler.top_k", "5", "top_k=40", "top_k= 5"),
        ("sampler.min_p", "0.1", "top_k=40\n", "top_k=40\nmin_p = 0.1\n"),
        ("keybar", "off", "# cold\n\n[sampler]", "# cold\nkeybar = \"off\"\n\n[sampler]"),
    ])
    func oneValueChangesAndAllElseStays(_ name: String, _ value: String, _ old: String, _ new: String) throws {
        let changed = try ConfigurationEditor.setting(name, to: value, in: Self.text)
        #expect(Self.text.contains(old))
        #expect(changed == Self.text.replacing(old, with: new))
    }

    @Test func aTableIsMadeWhereThereIsNone() throws {
        #expect(try ConfigurationEditor.setting("sampler.temp", to: "0", in: "") == "[sampler]\ntemp = 0\n")
        #expect(try ConfigurationEditor.setting("theme", to: "a\"b\\#", in: "") == "theme = \"a\\\"b\\\\#\"\n")
        let both = try ConfigurationEditor.setting("theme", to: "nord", in: "[sampler]\ntemp = 0\n")
        #expect(both == "theme = \"nord\"\n\n[sampler]\ntemp = 0\n")
    }

    @Test func hashesInTextAreNoComments() throws {
        let text = "system = \"a # b\" # why\n"
        #expect(try ConfigurationEditor.setting("system", to: "c", in: text) == "system = \"c\" # why\n")
    }

    @Test(arguments: [("sampler.temp", "hot"), ("thems", "nord"), ("threads", "0"), ("keybar", "maybe")])
    func whatMayNotBeIsRefused(_ name: String, _ value: String) {
        #expect(throws: LaunchError.self) { try ConfigurationEditor.setting(name, to: value, in: Self.text) }
    }

    @Test func aFileThatIsWrongIsNeverWritten() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(Array("theme = [".utf8), "config.toml")
        #expect(throws: LaunchError.self) { try ConfigurationEditor.set("theme", to: "nord", inFileAt: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "theme = [")
    }

    @Test func fileAndFolderAreMade() throws {
        let folder = try TemporaryDirectory()
        let path = folder.url.appending(path: "new/config.toml").path
        try ConfigurationEditor.set("sampler.seed", to: "7", inFileAt: path)
        try ConfigurationEditor.set("theme", to: "nord", inFileAt: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "theme = \"nord\"\n\n[sampler]\nseed = 7\n")
    }
}
