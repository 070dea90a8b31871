import GRDBSQLite
import Glibc
import SessionStore
import Synchronization

/// Kills the process at one of its calls that change files, its own and SQLite's alike.
enum KillSwitch {
    /// Calls so far.
    static let calls = Atomic<Int>(0)
    /// The call before which the process ends; 0 is none.
    static let last = Atomic<Int>(0)
    /// Whether half of what the last call would have written is written.
    static let tears = Atomic<Bool>(false)

    /// Counts a call that writes nothing.
    static func pass() {
        if isLast() { end() }
    }

    /// Writes, or ends the process before or in the midst of it.
    static func write(_ count: Int, _ body: (Int) -> Int) -> Int {
        guard isLast() else { return body(count) }
        if tears.load(ordering: .relaxed) { _ = body(count / 2) }
        end()
    }

    private static func isLast() -> Bool {
        calls.add(1, ordering: .relaxed).newValue == last.load(ordering: .relaxed)
    }

    private static func end() -> Never {
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    // MARK: - SQLite's calls

    private typealias Open = @convention(c) (UnsafePointer<CChar>?, Int32, Int32) -> Int32
    private typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int) -> Int
    private typealias WriteAtPlace = @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int
    private typealias Truncate = @convention(c) (Int32, Int) -> Int32
    private typealias Unlink = @convention(c) (UnsafePointer<CChar>?) -> Int32

    /// Makes SQLite's calls pass here.
    static func install() {
        let open: Open = { path, flags, mode in
            if flags & O_CREAT != 0 { KillSwitch.pass() }
            return path.map { Glibc.open($0, flags, mode_t(mode)) } ?? -1
        }
        let write: Write = { file, bytes, count in
            KillSwitch.write(count) { Glibc.write(file, bytes, $0) }
        }
        let writeAtPlace: WriteAtPlace = { file, bytes, count, place in
            KillSwitch.write(count) { pwrite(file, bytes, $0, place) }
        }
        let truncate: Truncate = { file, length in
            KillSwitch.pass()
            return ftruncate(file, length)
        }
        let unlink: Unlink = { path in
            KillSwitch.pass()
            return path.map { Glibc.unlink($0) } ?? -1
        }
        set("open", unsafeBitCast(open, to: sqlite3_syscall_ptr.self))
        set("write", unsafeBitCast(write, to: sqlite3_syscall_ptr.self))
        set("pwrite", unsafeBitCast(writeAtPlace, to: sqlite3_syscall_ptr.self))
        set("pwrite64", unsafeBitCast(writeAtPlace, to: sqlite3_syscall_ptr.self))
        set("ftruncate", unsafeBitCast(truncate, to: sqlite3_syscall_ptr.self))
        set("unlink", unsafeBitCast(unlink, to: sqlite3_syscall_ptr.self))
    }

    private static func set(_ name: String, _ call: sqlite3_syscall_ptr) {
        let files = sqlite3_vfs_find(nil)
        _ = files?.pointee.xSetSystemCall(files, name, call)
    }
}

/// The system's calls, any of which may be the process's last.
struct MortalFileCalls: FileCalls {
    private let calls = SystemFileCalls()

    func makeFolder(_ path: String) throws(FileCallError) {
        KillSwitch.pass()
        try calls.makeFolder(path)
    }

    func open(_ path: String, flags: Int32) throws(FileCallError) -> Int32 {
        if flags & O_CREAT != 0 { KillSwitch.pass() }
        return try calls.open(path, flags: flags)
    }

    func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(FileCallError) -> Int {
        KillSwitch.write(bytes.count) { count in
            (try? calls.write(bytes.prefix(count), to: descriptor, path: path)) ?? 0
        }
    }

    func synchronize(_ descriptor: Int32, path: String) throws(FileCallError) {
        KillSwitch.pass()
        try calls.synchronize(descriptor, path: path)
    }

    func rename(_ path: String, to name: String) throws(FileCallError) {
        KillSwitch.pass()
        try calls.rename(path, to: name)
    }

    func remove(_ path: String) throws(FileCallError) {
        KillSwitch.pass()
        try calls.remove(path)
    }
}
