public import Chat

/// Token rates over time, from the engine's own clock.
public struct RateMeter: Sendable, Equatable {
    private struct Reading: Sendable, Equatable {
        var tokens: Int
        var seconds: Double
    }

    /// The rate is the average of the last second.
    private static let window = 1.0
    /// A graph's column is a quarter of a second, and a minute of them is kept.
    private static let step = 0.25
    private static let maximumSamples = 240

    /// Tokens per second over the last second of decoding; nil before the second token.
    public private(set) var current: Double?
    /// A rate for each quarter of a second, oldest first.
    public private(set) var samples: [Double] = []
    private var readings: [Reading] = []
    private var stepStart: Reading?

    public init() {}

    public var minimum: Double? { samples.min() }
    public var maximum: Double? { samples.max() }

    /// The middle one of the samples; nil before there are eight.
    public var median: Double? {
        samples.count < 8 ? nil : samples.sorted()[samples.count / 2]
    }

    /// Takes in what the engine measured after a token.
    public mutating func record(_ metrics: Metrics) {
        let reading = Reading(tokens: metrics.completionTokens, seconds: metrics.decodeSeconds)
        if let last = readings.last, reading.tokens <= last.tokens || reading.seconds < last.seconds {
            // The last event of an answer repeats its last token; fewer tokens are another answer.
            if reading == last { return }
            readings = []
            stepStart = nil
        }
        readings.append(reading)
        while readings.count > 2, reading.seconds - readings[1].seconds >= Self.window { readings.removeFirst() }
        guard let first = readings.first, reading.seconds > first.seconds else {
            stepStart = stepStart ?? reading
            return
        }
        current = Double(reading.tokens - first.tokens) / (reading.seconds - first.seconds)
        let start = stepStart ?? first
        stepStart = start
        let elapsed = reading.seconds - start.seconds
        guard elapsed >= Self.step else { return }
        samples.append(Double(reading.tokens - start.tokens) / elapsed)
        if samples.count > Self.maximumSamples { samples.removeFirst() }
        stepStart = reading
    }
}
