package import SessionStore
import Synchronization

/// The system's calls, of which one fails, and all after it.
package final class FailingFileCalls: FileCalls {
    private let calls = SystemFileCalls()
    private let rest = Mutex((calls: Int.max, code: Int32(0)))

    package init() {}

    /// Makes the `call`-th call from here on fail.
    package func fail(at call: Int, with code: Int32) { rest.withLock { $0 = (call, code) } }

    private func pass(_ path: String) throws(FileCallError) {
        let code = rest.withLock { rest -> Int32? in
            if rest.calls < .max { rest.calls -= 1 }
            return rest.calls <= 0 ? rest.code : nil
        }
        if let code { throw FileCallError(path: path, code: code) }
    }

    package func makeFolder(_ path: String) throws(FileCallError) {
        try pass(path)
        try calls.makeFolder(path)
    }

    package func open(_ path: String, flags: Int32) throws(FileCallError) -> Int32 {
        try pass(path)
        return try calls.open(path, flags: flags)
    }

    package func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(FileCallError) -> Int {
        try pass(path)
        // In pieces, as a disk that is nearly full takes them.
        return try calls.write(bytes.prefix(400), to: descriptor, path: path)
    }

    package func synchronize(_ descriptor: Int32, path: String) throws(FileCallError) {
        try pass(path)
        try calls.synchronize(descriptor, path: path)
    }

    package func rename(_ path: String, to name: String) throws(FileCallError) {
        try pass(path)
        try calls.rename(path, to: name)
    }

    package func remove(_ path: String) throws(FileCallError) {
        // Removing works on a full disk.
        try calls.remove(path)
    }
}
