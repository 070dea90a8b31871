import ArgumentParser
import Inference
import Launch

/// Which probes are made, how large and how often.
struct ProbeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Measure what is left of a long context: 'all', or some of \(ProbeKinds.names).", valueName: "all|name,…"))
    var probes: ProbeKinds?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens between what is said and where it is asked for.", valueName: "n,…"))
    var distances = Depths([64, 256, 1024, 4096])

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens in the state where rate and memory are measured.", valueName: "n,…"))
    var depths = Depths([0, 1024, 4096, 16384, 65536])

    @Option(parsing: .unconditional, help: ArgumentHelp("How often each probe is repeated.", valueName: "n"))
    var trials = 32

    @Option(help: ArgumentHelp("Another text to fill distances with.", valueName: "file|-"))
    var probeText: String?

    func validate() throws {
        if trials < 1 { throw ValidationError("--trials cannot be \(trials): it has to be 1 or more") }
        if let short = distances.values.first(where: { $0 < 2 }) {
            throw ValidationError("--distances cannot have \(short): a distance is 2 tokens or more")
        }
    }

    /// Settles what is measured; nil where no probe was asked for.
    ///
    /// - Parameters:
    ///   - seed: what was given as seed
    ///   - kinds: the probes where none are named
    func plan(seed: UInt64?, defaults kinds: ProbeKinds? = nil) throws -> ProbePlan? {
        guard let kinds = probes ?? kinds else { return nil }
        let text = try probeText.map { try EvalText(file: $0).read() }
        if let text, text.allSatisfy(\.isWhitespace) {
            throw LaunchError(.input, "the text of --probe-text is empty", why: "probes fill distances with it")
        }
        return ProbePlan(
            kinds: kinds, distances: Set(distances.values).sorted(), depths: Set(depths.values).sorted(),
            trials: trials, seed: seed ?? 1, text: text)
    }
}

/// Names of probes: `all`, or some of them with commas between.
struct ProbeKinds: ExpressibleByArgument {
    /// The probes of recall that were named.
    let recall: [any RecallProbe.Type]
    let hasPerplexity: Bool
    let hasDepth: Bool

    static let depth = "depth"
    private static let allNames = RecallProbes.all.map { $0.name } + [PositionLosses.name, depth]
    static let names = allNames.joined(separator: ", ")
    static let all = ProbeKinds(allNames)
    static var allValueStrings: [String] { ["all"] + allNames }

    private init(_ names: [String]) {
        recall = RecallProbes.all.filter { names.contains($0.name) }
        hasPerplexity = names.contains(PositionLosses.name)
        hasDepth = names.contains(Self.depth)
    }

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else {
            let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard names.allSatisfy(Self.allNames.contains) else { return nil }
            self.init(names)
        }
    }
}

/// What is measured.
struct ProbePlan {
    var kinds: ProbeKinds
    /// In growing order, as are depths.
    var distances: [Int]
    var depths: [Int]
    var trials: Int
    var seed: UInt64
    /// What fills distances; nil is the text that comes with the program.
    var text: String?
}
