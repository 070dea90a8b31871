/// The SplitMix64 generator (Steele, Lea, Flood 2014): 64 bits of state, which a snapshot can keep.
package struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
    package private(set) var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// What each number adds to the state: 2⁶⁴ over the golden ratio.
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The state after `count` more numbers.
    package static func state(_ state: UInt64, after count: Int) -> UInt64 {
        state &+ UInt64(truncatingIfNeeded: count) &* increment
    }

    package mutating func next() -> UInt64 {
        state &+= Self.increment
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in [0, 1) with 53 random bits.
    package mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
