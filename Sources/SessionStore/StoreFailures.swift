import Chat
import GRDB
import Glibc

extension StoreFolder {
    /// What users read about an error while the store did something: why it failed, with the path, and what to type.
    ///
    /// - Parameter what: completes "can't": "save the turn"
    func failure(_ what: String, _ error: any Error) -> ChatFailure {
        switch error {
        case let failure as ChatFailure: failure
        case let error as FileCallError: fileFailure("can't " + what, error)
        case let error as DatabaseError: databaseFailure("can't " + what, error)
        default: ChatFailure(what: "can't " + what, why: "\(error)")
        }
    }

    private func fileFailure(_ what: String, _ error: FileCallError) -> ChatFailure {
        let advice: String? =
            switch error.code {
            case ENOSPC, EDQUOT, EFBIG: "df -h \(Self.quoted(path)), and free some space"
            case EACCES, EPERM, EROFS: "ls -ld \(Self.quoted(error.path)); or another place: HISS_HOME=FOLDER hiss"
            case ENOTDIR: "ls -ld \(Self.quoted(error.path)): a file is where a folder has to be"
            case EMFILE, ENFILE: "ulimit -n 4096"
            default: nil
            }
        return ChatFailure(what: what, why: error.description, advice: advice)
    }

    private func databaseFailure(_ what: String, _ error: DatabaseError) -> ChatFailure {
        let reason = error.message ?? "SQLite's error \(error.extendedResultCode.rawValue)"
        let (why, advice): (String, String?) =
            switch error.resultCode {
            case .SQLITE_FULL:
                ("the disk is full (\(database))", "df -h \(Self.quoted(path)), and free some space")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (
                    "another program has \(database) locked",
                    "fuser \(Self.quoted(database)) to see which; the same again when it is done"
                )
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                (
                    "\(database) can't be opened for writing: \(reason)",
                    "ls -l \(Self.quoted(path)); or another place: HISS_HOME=FOLDER hiss"
                )
            case .SQLITE_CORRUPT:
                ("\(database) is damaged: \(reason)", "hiss session verify; and keep a copy before anything else")
            case .SQLITE_NOTADB:
                (
                    "\(database) is no SQLite database, or its first page is damaged",
                    "mv \(Self.quoted(database)) \(Self.quoted(database + ".damaged")) to begin with an empty one"
                )
            case .SQLITE_IOERR: ("\(database): \(reason)", "df -h \(Self.quoted(path)), and dmesg | tail")
            default: ("\(database): \(reason)", nil)
            }
        return ChatFailure(what: what, why: why, advice: advice)
    }

    /// A path as a shell takes it for one word.
    static func quoted(_ path: String) -> String { "'" + path.replacing("'", with: #"'\''"#) + "'" }
}
