import Foundation

/// Where the program's files lie, from the environment and the executable's own place.
package struct Directories: Sendable, Equatable {
    /// The user's settings: `config.toml` and `themes`.
    package var configuration: String
    /// The user's data: sessions, `models` and `themes`.
    package var data: String
    /// What is worth keeping but not worth moving: the line history.
    package var state: String
    /// The machine's data directories, most important first.
    package var systemData: [String]
    /// The directory of the executable, with links resolved.
    package var executable: String

    /// Applies the XDG base directory rules; `HISS_HOME` puts the three of the user's in one directory.
    ///
    /// - Parameters:
    ///   - environment: the environment variables
    ///   - home: the user's home directory
    ///   - executable: the program's path, with links resolved
    package init(environment: [String: String], home: String, executable: String) {
        func base(_ variable: String, _ fallback: String) -> String {
            // The specification says to ignore relative paths.
            guard let path = environment[variable], path.hasPrefix("/") else { return "\(home)/\(fallback)/hiss" }
            return "\(path)/hiss"
        }
        if let one = environment["HISS_HOME"], !one.isEmpty {
            configuration = one
            data = one
            state = one
        } else {
            configuration = base("XDG_CONFIG_HOME", ".config")
            data = base("XDG_DATA_HOME", ".local/share")
            state = base("XDG_STATE_HOME", ".local/state")
        }
        let system = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        systemData = system.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/hiss" }
        self.executable = Self.parent(of: executable)
    }

    /// Where an installation keeps what it shares: `share/hiss` beside the directory of the executable.
    package var installed: String {
        let prefix = Self.parent(of: executable)
        return prefix == "/" ? "/share/hiss" : prefix + "/share/hiss"
    }

    /// The source tree that the executable was built in, if it lies in one.
    package var sourceTree: String? {
        var directory = executable
        while directory != "/" {
            let files = FileManager.default
            if files.fileExists(atPath: directory + "/Package.swift"), files.fileExists(atPath: directory + "/Themes") {
                return directory
            }
            directory = Self.parent(of: directory)
        }
        return nil
    }

    /// The directories of this process.
    package static var current: Directories {
        let files = FileManager.default
        let executable = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return Directories(
            environment: environment, home: home ?? files.homeDirectoryForCurrentUser.path, executable: executable)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}

extension Directories {
    /// Makes the folder of the file at `path`, for its owner only, and returns what went wrong, if anything.
    package static func makeFolder(of path: String) -> String? {
        let folder = parent(of: path)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return nil
        } catch {
            return "The folder \(folder) can't be made: \(error.localizedDescription)"
        }
    }
}

extension Directories {
    /// The configuration file that is used where no other is named.
    package var configurationFile: String { configuration + "/config.toml" }

    /// The file of keys.
    package var keyFile: String { configuration + "/keys.conf" }

    /// Every path that the program uses, one a line.
    package var listing: String {
        let paths = [
            ("configuration", [configurationFile]), ("keys", [keyFile]), ("models", ModelLocator(self).searched),
            ("themes", ThemeLocator(self).searched),
            ("sessions", [data + "/sessions.db", data + "/snapshots"]), ("line history", [state + "/history"]),
            ("saved screen", [state + "/frame.txt"]), ("clipboard file", [state + "/clip.txt"]),
            ("executable", [executable]),
        ]
        return paths.map { name, places in
            places.enumerated().map { index, place in
                (index == 0 ? name + String(repeating: " ", count: 16 - name.count) : String(repeating: " ", count: 16))
                    + place
            }.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
