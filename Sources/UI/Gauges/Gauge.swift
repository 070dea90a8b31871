public import Chat
public import Screen

/// What gauges read.
public struct GaugeReadings: Sendable, Equatable {
    public var summary: ModelSummary?
    /// Of the answer that is being made, or else of the last one.
    public var metrics = Metrics()
    public var rate = RateMeter()
    /// The token that was chosen last.
    public var lastToken: SampledToken?
    /// How the next one is chosen.
    public var sampling = SamplingOptions()
    /// What the program takes of the machine; nil before it was measured.
    public var process: ProcessUsage?
    /// What the snapshots of turns take; nil where none are kept.
    public var snapshots: SnapshotUsage?
    /// The turns around the one where the session stands.
    var timeline: [TimelineTree.Line] = []
    /// The session's name and when its last turn was kept, where it is.
    var saved: String?
    /// Tokens read twice in the answers that are finished.
    public private(set) var recomputedBefore = 0

    public init(summary: ModelSummary? = nil) {
        self.summary = summary
    }

    /// Takes the answer that was measured last as finished.
    public mutating func beginTurn() {
        recomputedBefore += metrics.recomputedTokens
        metrics.recomputedTokens = 0
    }

    /// Tokens read twice since the conversation began.
    public var recomputedTokens: Int {
        recomputedBefore + metrics.recomputedTokens
    }
}

/// What the program takes of the machine.
public struct ProcessUsage: Sendable, Equatable {
    public var residentBytes: Int
    /// The part of them that comes from files, such as the model's, and that the system can take back.
    public var fileBytes: Int
    /// Processor time per time; 1 is one core.
    public var processorShare: Double

    public init(residentBytes: Int, fileBytes: Int = 0, processorShare: Double) {
        self.residentBytes = residentBytes
        self.fileBytes = fileBytes
        self.processorShare = processorShare
    }
}

/// One measured value, and how it is shown.
///
/// A gauge is one file and one line in `Gauges.all`.
public protocol Gauge: Sendable {
    /// The order in which gauges leave a line that is too narrow, lowest first; nil stays always.
    ///
    /// Those below 0 leave before the graphs do.
    var dropOrder: Int? { get }
    /// Its text form; nil while it has nothing to show.
    func text(_ readings: GaugeReadings) -> String?
    /// Whether the value needs the reader's attention.
    func warns(_ readings: GaugeReadings) -> Bool
    /// A longer form of the text, shown where there is room, such as the reason of a warning.
    func longText(_ readings: GaugeReadings) -> String?
    /// A small graph behind the text, shown where there is room: values from 0 to 1.
    func graph(_ readings: GaugeReadings) -> [Double]
    /// What a theme colours it with.
    var gradient: GradientName? { get }
    /// What `/stats` says of it, in lines.
    func details(_ readings: GaugeReadings) -> [String]
}

extension Gauge {
    public var gradient: GradientName? { nil }
    public func warns(_ readings: GaugeReadings) -> Bool { false }
    public func longText(_ readings: GaugeReadings) -> String? { text(readings) }
    public func graph(_ readings: GaugeReadings) -> [Double] { [] }
    public func details(_ readings: GaugeReadings) -> [String] {
        longText(readings).map { [$0] } ?? []
    }
}

/// The gauges, in the order in which they stand.
public enum Gauges {
    public static let all: [any Gauge] = [
        RateGauge(), StateGauge(), KVEquivalentGauge(), TokensSeenGauge(), RecomputedGauge(),
        FirstTokenGauge(), PromptRateGauge(), LastTokenGauge(), TopChoicesGauge(), DeltaGauge(), HalfLifeGauge(),
        SnapshotGauge(), MemoryGauge(), ProcessorGauge(),
    ]

    /// Every gauge in words.
    public static func report(_ readings: GaugeReadings) -> String {
        all.flatMap { $0.details(readings) }.joined(separator: "\n")
    }
}
