/// Where a store's files lie: `sessions.db`, and the snapshots beside it.
package struct StoreFolder: Sendable, Equatable {
    package var path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The database.
    package var database: String { path + "/sessions.db" }

    /// The folder of the snapshots' files.
    package var snapshots: String { path + "/snapshots" }

    /// The folder of the locks that say who writes a session.
    package var locks: String { path + "/locks" }

    /// The file with these bytes' digest; two levels, so that no folder has many thousand entries.
    package func file(_ digest: String) -> String {
        "\(folder(of: digest))/\(digest).safetensors"
    }

    /// The folder in which the file with this digest lies.
    func folder(of digest: String) -> String { "\(snapshots)/\(digest.prefix(2))" }

    /// What those who write snapshots hold together, and who removes some holds alone.
    var snapshotLock: String { snapshots + "/.lock" }

    /// The lock of a session.
    func lock(of session: String) -> String { "\(locks)/\(session)" }
}
