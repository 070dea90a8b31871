/// Sizes in binary units, three digits.
public enum ByteText {
    private static let units = ["", "K", "M", "G", "T", "P"]

    /// `4.81M`, `22.5K`, `512B`.
    public static func short(_ bytes: Int) -> String {
        let (digits, unit) = scaled(bytes)
        return digits + (unit.isEmpty ? "B" : unit)
    }

    /// `4.81 MiB`, `22.5 KiB`, `512 B`.
    public static func long(_ bytes: Int) -> String {
        let (digits, unit) = scaled(bytes)
        return digits + (unit.isEmpty ? " B" : " \(unit)iB")
    }

    private static func scaled(_ bytes: Int) -> (digits: String, unit: String) {
        guard bytes >= 1000 else { return (String(bytes), "") }
        var value = Double(bytes)
        var unit = 0
        while value >= 999.5 && unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return (DecimalText.threeDigits(value), units[unit])
    }
}

/// Decimal numbers without a locale.
public enum DecimalText {
    /// `0.95`, `9.87`, `98.7`, `987`.
    static func threeDigits(_ value: Double) -> String {
        if value < 9.995 { return fixed(value, places: 2) }
        return fixed(value, places: value < 99.95 ? 1 : 0)
    }

    /// A rate: `40.8`, `140`.
    static func rate(_ value: Double) -> String {
        fixed(value, places: value < 99.95 ? 1 : 0)
    }

    /// A number with `places` digits after the point.
    public static func fixed(_ value: Double, places: Int) -> String {
        guard abs(value) < 1e15 else { return "--" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
