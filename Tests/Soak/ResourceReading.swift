import Foundation

/// What the process holds.
struct ResourceReading: CustomStringConvertible {
    var residentBytes: Int
    var descriptors: Int
    var threads: Int

    /// Of proc(5)'s files.
    static var now: ResourceReading {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        func entries(_ folder: String) -> Int {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count
        }
        return ResourceReading(
            residentBytes: pages * Int(sysconf(Int32(_SC_PAGESIZE))), descriptors: entries("/proc/self/fd"),
            threads: entries("/proc/self/task"))
    }

    var description: String {
        "\(residentBytes >> 20) MiB resident, \(descriptors) descriptors, \(threads) threads"
    }
}

/// Readings over time, and whether they are flat: the first sixth, in which caches fill, doesn't count.
struct ResourceHistory {
    private var readings: [ResourceReading] = []

    mutating func add(_ reading: ResourceReading) { readings.append(reading) }

    /// The most of anything in the second sixth, and in the last.
    private func peaks(_ value: (ResourceReading) -> Int) -> (early: Int, late: Int) {
        let sixth = max(1, readings.count / 6)
        return (
            readings.dropFirst(sixth).prefix(sixth).map(value).max() ?? 0, readings.suffix(sixth).map(value).max() ?? 0
        )
    }

    /// Whether memory grew by less than 5 % and 8 MiB, and nothing else by more than what one step holds for a while.
    var isFlat: Bool {
        let (memory, descriptors, threads) = (peaks(\.residentBytes), peaks(\.descriptors), peaks(\.threads))
        return memory.late <= memory.early + memory.early / 20 + 8 << 20 && descriptors.late <= descriptors.early + 4
            && threads.late <= threads.early + 4
    }

    var verdict: String {
        let (memory, descriptors) = (peaks(\.residentBytes), peaks(\.descriptors))
        return "resident \(memory.early >> 20) MiB early, \(memory.late >> 20) MiB late; descriptors "
            + "\(descriptors.early) early, \(descriptors.late) late: " + (isFlat ? "flat" : "GREW")
    }
}
