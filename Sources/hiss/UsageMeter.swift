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
        guard let last, let bytes = Self.residentBytes else { return nil }
        return ProcessUsage(residentBytes: bytes, processorShare: (processor - last.processor) / (now - last.time))
    }

    private static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The second number of proc(5)'s statm, in pages.
    private static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count > 1, let pages = Int(parts[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
