import FoundationEssentials

/// The wall clock.
public enum WallClock {
    /// Seconds since 1970.
    @Sendable public static func seconds() -> Double {
        Date().timeIntervalSince1970
    }
}
