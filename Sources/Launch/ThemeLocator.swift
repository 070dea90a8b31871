import FoundationEssentials

/// Finds a theme's file by path or by name.
package struct ThemeLocator: Sendable {
    /// Where names are looked up, first match first.
    package let searched: [String]

    package init(_ directories: Directories) {
        searched =
            [directories.configuration + "/themes", directories.data + "/themes"].uniqued()
            + directories.systemData.map { $0 + "/themes" }
            + [directories.installed + "/themes"]
            + (directories.sourceTree.map { [$0 + "/Themes"] } ?? [])
    }

    /// The names of all themes that are there, sorted.
    package var names: [String] {
        let files = FileManager.default
        return Set(
            searched.flatMap { (try? files.contentsOfDirectory(atPath: $0)) ?? [] }
                .filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(".toml".count)) }
        ).sorted()
    }

    /// Returns the path of the theme that `reference` means: a file, or the name of one without `.toml`.
    ///
    /// - Throws: `LaunchError` with status `.usage`, saying where it looked and what is there.
    package func locate(_ reference: String) throws -> String {
        let files = FileManager.default
        if reference.contains("/") || reference.hasSuffix(".toml") {
            guard files.fileExists(atPath: reference) else {
                throw LaunchError(
                    .usage, "no theme at '\(reference)'", why: "there is no such file, or it can't be reached",
                    advice: "hiss --theme ansi")
            }
            return reference
        }
        for directory in searched {
            let path = "\(directory)/\(reference).toml"
            if files.fileExists(atPath: path) { return path }
        }
        let names = names
        let found = names.isEmpty ? "no theme is there" : "found: " + names.joined(separator: ", ")
        throw LaunchError(
            .usage, "no theme is called '\(reference)'",
            why: (["searched:"] + searched.map { "  " + $0 } + [found]).joined(separator: "\n"),
            advice: "hiss --theme \(names.first ?? "FILE.toml")")
    }
}

extension Array where Element: Hashable {
    /// The elements without repetitions, in order.
    fileprivate func uniqued() -> [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
