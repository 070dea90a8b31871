import Glibc

/// A fraction that was found in some trials, with the interval that holds the true one in 95 of 100 such measurements.
///
/// The interval is Wilson's score interval (E. B. Wilson, JASA 22, 1927). Where a trial has a score between 0 and 1
/// instead of one of the two, its variance is at most p(1 − p), so that the interval is wider than it need be.
public struct Proportion: Sendable, Equatable {
    /// The mean of the trials.
    public let value: Double
    public let low: Double
    public let high: Double
    /// How many trials there were.
    public let trials: Int

    /// The 97.5th percentile of the normal distribution.
    static let z = 1.959963984540054

    /// - Parameter scores: from 0 to 1; nil is returned where there is none
    public init?(_ scores: [Double]) {
        guard !scores.isEmpty else { return nil }
        let n = Double(scores.count)
        let p = scores.reduce(0, +) / n
        let z = Self.z
        let center = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        value = p
        low = max(0, min(p, center - half))
        high = min(1, max(p, center + half))
        trials = scores.count
    }
}

/// A mean of some trials, with the interval that holds the true one in 95 of 100 such measurements.
///
/// The interval is the normal one, mean ± 1.96 s/√n; of one trial nothing is known, and it is the mean alone.
public struct MeanEstimate: Sendable, Equatable {
    public let value: Double
    public let low: Double
    public let high: Double
    /// How many trials there were.
    public let trials: Int

    /// Nil where there is no value.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let half = n > 1 ? Proportion.z * (squares / (n - 1) / n).squareRoot() : 0
        (value, low, high, trials) = (mean, mean - half, mean + half, values.count)
    }
}
