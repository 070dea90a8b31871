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

    /// The file with these bytes' digest; two levels, so that no folder has many thousand entries.
    package func file(_ digest: String) -> String {
        "\(snapshots)/\(digest.prefix(2))/\(digest).safetensors"
    }
}
