import Chat
import DefaultModel
import Foundation
import Launch
import TestSupport
import Testing

extension TemporaryDirectory {
    /// Makes an empty file, and the directories it needs; returns its path.
    @discardableResult fileprivate func touch(_ name: String) throws -> String {
        let directory = url.appending(path: name).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return try write([], name)
    }
}

@Suite struct DirectoriesTests {
    @Test func baseDirectoriesFollowTheEnvironment() {
        let plain = Directories(environment: [:], home: "/home/a", executable: "/usr/bin/hiss")
        #expect(plain.configuration == "/home/a/.config/hiss")
        #expect(plain.data == "/home/a/.local/share/hiss")
        #expect(plain.state == "/home/a/.local/state/hiss")
        #expect(plain.systemData == ["/usr/local/share/hiss", "/usr/share/hiss"])
        #expect(plain.installed == "/usr/share/hiss")
        let environment = [
            "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "relative", "XDG_STATE_HOME": "/s", "XDG_DATA_DIRS": "/x:y:/z",
        ]
        let moved = Directories(environment: environment, home: "/h", executable: "/hiss")
        #expect(moved.configuration == "/c/hiss")
        #expect(moved.data == "/h/.local/share/hiss")
        #expect(moved.state == "/s/hiss")
        #expect(moved.systemData == ["/x/hiss", "/z/hiss"])
        #expect(moved.installed == "/share/hiss")
    }

    @Test func oneVariablePutsAllInOneDirectory() {
        let environment = ["HISS_HOME": "/one", "XDG_DATA_HOME": "/d"]
        let directories = Directories(environment: environment, home: "/h", executable: "/usr/bin/hiss")
        #expect(directories.configuration == "/one")
        #expect(directories.data == "/one")
        #expect(directories.state == "/one")
    }
}

@Suite struct ModelLocatorTests {
    private let scratch: TemporaryDirectory
    private let locator: ModelLocator

    init() throws {
        scratch = try TemporaryDirectory()
        locator = ModelLocator(
            Directories(
                environment: ["XDG_DATA_HOME": scratch.url.path + "/data"], home: "/nonexistent",
                executable: scratch.url.path + "/prefix/bin/hiss"))
    }

    @Test func aFolderOfModelsIsNoModel() throws {
        try scratch.touch("some/tiny.gguf")
        let folder = scratch.url.appending(path: "some").path
        for reference in [folder, folder + "/"] {
            let error = try #require(throws: LaunchError.self) { try locator.locate(reference) }
            #expect(error.status == .model && error.failure.what == "'\(reference)' is a folder and no model")
            #expect(error.failure.why?.contains("models in it: tiny.gguf") == true)
            #expect(error.failure.advice == "hiss -m \(folder)/tiny.gguf")
        }
        try scratch.touch("empty/readme.txt")
        let error = try #require(throws: LaunchError.self) {
            try locator.locate(scratch.url.appending(path: "empty").path)
        }
        #expect(error.failure.advice?.hasPrefix("hiss -m smolmamba2") == true)
    }

    @Test func theDefaultModelIsFoundInABuildAndInAnInstallation() throws {
        let build = try scratch.touch("prefix/bin/\(DefaultModel.resourceDirectory)/\(DefaultModel.fileName)")
        #expect(try locator.locate(DefaultModel.name) == build)
        let installed = try scratch.touch("prefix/share/hiss/\(DefaultModel.fileName)")
        #expect(try locator.locate(DefaultModel.name) == installed)
        let own = try scratch.touch("data/hiss/models/\(DefaultModel.name).gguf")
        #expect(try locator.locate(DefaultModel.name) == own)
    }

    @Test func namesNeedNeitherEndingNorShardNorCaseNorEnd() throws {
        let split = try scratch.touch("data/hiss/models/Tiny-Model-Q8-00001-of-00002.gguf")
        try scratch.touch("data/hiss/models/Tiny-Model-Q8-00002-of-00002.gguf")
        let single = try scratch.touch("prefix/share/hiss/other.gguf")
        #expect(try locator.locate("Tiny-Model-Q8") == split)
        #expect(try locator.locate("tiny-model-q8") == split)
        #expect(try locator.locate("tiny") == split)
        #expect(try locator.locate("Tiny-Model-Q8-00001-of-00002.gguf") == split)
        #expect(try locator.locate("other") == single)
        #expect(try locator.locate("other.gguf") == single)
        #expect(try locator.locate("O") == single)
    }

    @Test func anExactNameBeatsALongerOne() throws {
        let short = try scratch.touch("prefix/share/hiss/mamba.gguf")
        try scratch.touch("data/hiss/models/mamba-130m.gguf")
        #expect(try locator.locate("mamba") == short)
        #expect(try locator.locate("MAMBA") == short)
    }

    @Test func aBeginningOfSeveralIsRefused() throws {
        try scratch.touch("data/hiss/models/mamba-130m.gguf")
        try scratch.touch("prefix/share/hiss/mamba-370m.gguf")
        let error = try #require(throws: LaunchError.self) { try locator.locate("mam") }
        #expect(error.status == .model)
        #expect(error.failure.why == "mamba-130m\nmamba-370m")
    }

    @Test func theSameFileInTwoPlacesIsOneModel() throws {
        let first = try scratch.touch("data/hiss/models/mamba-130m.gguf")
        try scratch.touch("prefix/share/hiss/mamba-130m.gguf")
        #expect(try locator.locate("mamba") == first)
    }

    @Test func unknownNamesSayWhereWasSearchedAndWhatIsThere() throws {
        try scratch.touch("prefix/share/hiss/mamba-370m.gguf")
        let error = try #require(throws: LaunchError.self) { try locator.locate("gpt") }
        #expect(error.status == .model)
        for directory in locator.searched {
            #expect(error.description.contains("    \(directory)\n"))
        }
        #expect(error.description.contains("found: mamba-370m"))
        #expect(error.failure.advice?.contains(locator.searched[0]) == true)
    }

    @Test func whatHasASlashIsAPath() throws {
        let path = try scratch.touch("here/model.bin")
        #expect(try locator.locate(path) == path)
        let error = try #require(throws: LaunchError.self) { try locator.locate(path + ".gguf") }
        #expect(error.status == .model)
        #expect(error.failure.what.contains(path + ".gguf"))
    }
}

@Suite struct ThemeLocatorTests {
    private let scratch: TemporaryDirectory
    private let locator: ThemeLocator

    init() throws {
        scratch = try TemporaryDirectory()
        let environment = [
            "XDG_CONFIG_HOME": scratch.url.path + "/config", "XDG_DATA_HOME": scratch.url.path + "/data",
            "XDG_DATA_DIRS": scratch.url.path + "/system",
        ]
        try scratch.touch("tree/Package.swift")
        try scratch.touch("tree/Themes/ansi.toml")
        locator = ThemeLocator(
            Directories(
                environment: environment, home: "/nonexistent", executable: scratch.url.path + "/tree/.build/debug/hiss"
            ))
    }

    @Test func theUsersOwnThemesComeFirst() throws {
        let expected = ["tree/Themes", "system/hiss/themes", "data/hiss/themes", "config/hiss/themes"]
        for directory in expected {
            let path = try scratch.touch("\(directory)/ansi.toml")
            #expect(try locator.locate("ansi") == path)
        }
    }

    @Test func unknownThemesSayWhatIsThere() throws {
        let error = try #require(throws: LaunchError.self) { try locator.locate("nord") }
        #expect(error.status == .usage)
        #expect(error.description.contains("found: ansi"))
        #expect(error.description.contains(scratch.url.path + "/tree/Themes"))
    }

    @Test func aFileIsTakenAsItIs() throws {
        let path = try scratch.touch("mine.toml")
        #expect(try locator.locate(path) == path)
        #expect(throws: LaunchError.self) { try locator.locate(path + "l.toml") }
    }
}
