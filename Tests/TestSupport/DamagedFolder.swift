import Foundation
import Glibc

/// A model's files in a folder of their own, to be damaged in place and opened again and again.
package struct DamagedFolder {
    private let directory: TemporaryDirectory
    private let model: SmallModelFiles

    /// Writes the files of `model`.
    package init(_ model: SmallModelFiles) throws {
        directory = try TemporaryDirectory()
        self.model = model
        for (name, bytes) in model.files { _ = try directory.write(bytes, name) }
    }

    /// What to open.
    package var path: String { model.entry.isEmpty ? directory.url.path : directory.path(model.entry) }

    /// Calls `body` with each file cut to each shorter length, and then makes the file whole again.
    package func forEachTruncation(_ body: (String) throws -> Void) throws {
        for (name, bytes) in model.files {
            for count in bytes.indices.reversed() {
                guard truncate(directory.path(name), count) == 0 else { throw DamageError("can't cut \(name)") }
                try body("\(name) of \(bytes.count) bytes cut to \(count)")
            }
            _ = try directory.write(bytes, name)
        }
    }

    /// Calls `body` with `count` versions of each file in which one to three bits are wrong.
    package func forEachFlip(_ count: Int, seed: UInt64, _ body: (String) throws -> Void) throws {
        var random = SeededGenerator(seed: seed)
        for (name, bytes) in model.files {
            let descriptor = open(directory.path(name), O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { throw DamageError("can't open \(name)") }
            defer { close(descriptor) }
            for _ in 0..<count {
                let places = (0...random.next() % 3).map { _ in Int(random.next() % UInt64(bytes.count)) }
                for place in places { try put(bytes[place] ^ (1 << UInt8(random.next() % 8)), at: place, descriptor) }
                try body("\(name) with wrong bits at \(places)")
                for place in places { try put(bytes[place], at: place, descriptor) }
            }
        }
    }

    /// Replaces a file.
    package func replace(_ name: String, with bytes: [UInt8]) throws { _ = try directory.write(bytes, name) }

    private func put(_ byte: UInt8, at place: Int, _ descriptor: CInt) throws {
        var byte = byte
        guard pwrite(descriptor, &byte, 1, place) == 1 else { throw DamageError("can't write byte \(place)") }
    }
}

/// A damaged file that did what no file should.
package struct DamageError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// What a process that reads damaged files may use, so that one which hangs or fills the memory ends.
package enum ProcessLimits {
    /// Limits this process to `megabytes` more memory than it has mapped, and to `seconds` more of processor time.
    package static func apply(megabytes: Int, seconds: Int) throws {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first
        let mapped = pages.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) } ?? 0
        try set(__rlimit_resource_t(RLIMIT_AS.rawValue), UInt(mapped + megabytes << 20))
        try set(__rlimit_resource_t(RLIMIT_CPU.rawValue), UInt(clock() / Int(CLOCKS_PER_SEC) + seconds))
    }

    private static func set(_ resource: __rlimit_resource_t, _ value: UInt) throws {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        guard setrlimit(resource, &limit) == 0 else { throw DamageError("can't limit the process") }
    }
}
