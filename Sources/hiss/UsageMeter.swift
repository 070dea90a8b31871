import Foundation
import Glibc
import UI

/// Reads what the program takes of the machine, once a second at most.
struct UsageMeter {
    private static let secondsBetween = 1.0

    private var last: (time: Double, processor: Double)?

    /// The memory in use now and the processor time since the last call; nil when that was less than a second ago.
    ///
    /// - Parameter now: the monotonic time in seconds
    mutating func read(_ now: Double) -> ProcessUsage? {
        if let last, now - last.time < Self.secondsBetween { return nil }
        let processor = Self.processorSeconds
        defer { last = (now, processor) }
        guard let last, let memory = Self.memory else { return nil }
        return ProcessUsage(
            residentBytes: memory.resident, fileBytes: memory.files,
            processorShare: (processor - last.processor) / (now - last.time))
    }

    private static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The second and third number of proc(5)'s statm, in pages: what is in memory, and of that, what is of files.
    private static var memory: (resident: Int, files: Int)? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let parts = text.split(separator: " ").prefix(3).compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        return (parts[1] * page, parts[2] * page)
    }
}
