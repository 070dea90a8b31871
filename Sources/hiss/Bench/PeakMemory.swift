import Launch

/// The most memory that the process has had.
enum PeakMemory {
    /// Returns the peak of the resident set in bytes, as the kernel counts it.
    static func bytes() throws -> Int {
        let status = try TextInput.text(TextInput.file("/proc/self/status"), from: "/proc/self/status")
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]) { return kilobytes * 1024 }
        }
        throw LaunchError(
            .failure, "can't tell the peak memory", why: "/proc/self/status has no line 'VmHWM: … kB'")
    }
}
