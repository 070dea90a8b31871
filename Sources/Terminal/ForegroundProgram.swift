internal import Foundation
internal import Glibc

/// A program that has the terminal while it runs, such as an editor.
package nonisolated enum ForegroundProgram {
    /// Runs a command of the shell with one more argument, and waits for its end; blocks its thread.
    ///
    /// It stays in this process's group: what runs in another one can't read from the terminal. It begins with default
    /// signals, as the shell would start it.
    ///
    /// - Returns: its status, or 128 and the number of the signal that ended it
    package static func run(_ command: String, _ argument: String) throws(TerminalError) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let line = ["/bin/sh", "-c", command + " \"$1\"", "hiss", argument]
        let words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process: pid_t = 0
        let error = posix_spawn(&process, "/bin/sh", nil, &attributes, words, variables)
        guard error == 0 else {
            throw TerminalError(.unavailable, "\(command) can't be started: \(String(cString: strerror(error))).")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else {
                throw TerminalError(.unavailable, "\(command) was lost: \(String(cString: strerror(errno))).")
            }
        }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
