import Glibc

/// Times of the wall clock, as readers are used to them.
enum WallClockText {
    /// Local time, such as `2026-11-25 21:04`.
    ///
    /// - Parameter seconds: since 1970
    static func text(_ seconds: Double) -> String {
        var time = time_t(seconds)
        var parts = tm()
        localtime_r(&time, &parts)
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let clock = [Int(parts.tm_hour), Int(parts.tm_min)]
        return date.map(twoDigits).joined(separator: "-") + " " + clock.map(twoDigits).joined(separator: ":")
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
