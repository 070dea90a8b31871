import Foundation
import Screen

/// Theme files.
struct ThemeTarget: FuzzTarget {
    static let name = "theme"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        try TestFiles.read("../Themes", ending: ".toml")
    }

    func run(_ bytes: [UInt8]) {
        _ = try? ThemeLoader().load(ThemeLoader.Source(text: String(decoding: bytes, as: UTF8.self), file: "fuzz.toml"))
    }
}
