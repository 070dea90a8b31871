import Glibc

/// exp of the mean −ln p of tokens, as their probabilities come.
public struct Perplexity: Sendable, Equatable {
    private var loss = 0.0
    private var count = 0

    public init() {}

    /// Takes a token that had this probability; what is too small for a double still has a loss.
    public mutating func add(_ probability: Double) {
        loss -= log(max(probability, .leastNormalMagnitude))
        count += 1
    }

    /// Nil before any token.
    public var value: Double? { count > 0 ? exp(loss / Double(count)) : nil }
}
