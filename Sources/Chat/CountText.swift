/// A number with what it counts: `1 turn`, `3 turns`.
public enum CountText {
    /// - Parameter noun: what one of them is called; more of them end with an `s`
    public static func of(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
