import Foundation
import Glibc
import Testing

/// All tests that start programs: one at a time, as a crowd of them would miss its deadlines on a small machine.
@Suite(.serialized) struct InTerminal {}

/// A program could not be started, or has failed.
struct SpawnError: Error, CustomStringConvertible {
    var description: String
}

/// Starts a program that inherits nothing but these three descriptors, with default signals.
///
/// - Parameters:
///   - terminal: becomes its standard input, output and error, and its controlling terminal; or
///   - output: a file that gets its standard output and error
func spawn(
    _ program: String, _ arguments: [String], environment: [String: String], terminal: String? = nil,
    output: String? = nil
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Opened by the leader of a new session, a terminal becomes the one that controls it.
    posix_spawn_file_actions_addopen(&actions, 0, terminal ?? "/dev/null", O_RDWR, 0)
    if let output {
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    } else {
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
    }
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Another test's pipe, kept open here, would never end.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
        posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let setSession: Int32 = 0x80
    posix_spawnattr_setflags(&attributes, Int16(setSession | 0x08 | 0x04))
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, program, &actions, &attributes, words, variables)
    guard error == 0 else { throw SpawnError(description: "\(program): \(String(cString: strerror(error)))") }
    return process
}
