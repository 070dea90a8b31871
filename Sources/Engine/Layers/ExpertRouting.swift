/// How a family chooses and weighs experts by their scores.
struct ExpertRule: Sendable {
    enum Scoring: Sendable {
        /// e^s / Σ e^s
        case softmax
        /// 1 / (1 + e^−s)
        case logistic
    }

    var nExperts: Int
    /// How many a token goes through.
    var nUsed: Int
    var scoring: Scoring
    /// Whether the weights of a token's experts are made to add up to 1.
    var isNormalized: Bool
    /// Multiplies all weights.
    var scale: Float = 1
    /// Experts are chosen from the best `nGroupsUsed` of that many groups; a group is as good as its two best experts.
    var nGroups = 1
    var nGroupsUsed = 1

    /// Kept from dividing by 0, as in the reference.
    fileprivate static let smallestSum: Float = 1e-20
}

extension ExpertRule {
    /// Reads `expert_*`; refuses what can't be chosen.
    init(_ read: HyperparameterReader, scoring: Scoring, isNormalized: Bool) throws {
        nExperts = try read.int(.nExperts)
        guard nExperts > 0 else { throw read.wrong(.nExperts, expected: "a positive number") }
        nUsed = try read.int(.nExpertsUsed)
        self.scoring = scoring
        self.isNormalized = read.bool(.expertsAreNormalized, default: isNormalized)
        scale = try read.float(.expertScale, default: 1)
        nGroups = max(try read.optionalInt(.nExpertGroups) ?? 1, 1)
        nGroupsUsed = max(try read.optionalInt(.nExpertGroupsUsed) ?? nGroups, 1)
        guard nGroups <= nExperts, nExperts % nGroups == 0 else {
            throw read.wrong(.nExpertGroups, expected: "a number that divides the \(nExperts) experts")
        }
        guard (1...nGroups).contains(nGroupsUsed) else {
            throw read.wrong(.nExpertGroupsUsed, expected: "a number from 1 to the \(nGroups) groups")
        }
        let choice = nExperts / nGroups * nGroupsUsed
        guard (1...choice).contains(nUsed) else {
            throw read.wrong(.nExpertsUsed, expected: "a number from 1 to the \(choice) experts that can be chosen")
        }
        let stated = try read.optionalInt(.expertScoring) ?? 0
        guard stated == 0 || stated == (scoring == .softmax ? 1 : 2) else {
            throw read.wrong(.expertScoring, expected: scoring == .softmax ? "1 (softmax)" : "2 (sigmoid)")
        }
    }
}

/// Which experts take which tokens of a piece, and with what weight.
struct ExpertRouting: Sendable {
    /// A router's output, `[tokens, nExperts]`.
    var scores: [Float] = []
    /// A place for each token and expert that it goes through, grouped by expert, tokens in order.
    private(set) var tokens: [Int] = []
    private(set) var weights: [Float] = []
    /// Where each expert's places begin, and where all end.
    private var starts: [Int] = []
    /// What experts of one token are chosen by.
    private var merits: [Float] = []
    private var groupMerits: [Float] = []
    /// The experts of each token and their weights, `[tokens, nUsed]`.
    private var chosen: [Int] = []
    private var chosenWeights: [Float] = []

    /// The places of one expert.
    func places(of expert: Int) -> Range<Int> { starts[expert]..<starts[expert + 1] }

    /// Chooses from `scores`, to which `correction` is added for that.
    mutating func route(tokens count: Int, rule: ExpertRule, correction: [Float]?) {
        merits.reserve(rule.nExperts)
        chosen.reserve(count * rule.nUsed)
        chosenWeights.reserve(count * rule.nUsed)
        for token in 0..<count {
            let first = token * rule.nExperts
            switch rule.scoring {
            case .softmax: Kernels.softmax(&scores, at: first, count: rule.nExperts)
            case .logistic: Kernels.logistic(&scores, at: first, count: rule.nExperts)
            }
            for expert in 0..<rule.nExperts { merits[expert] = scores[first + expert] + (correction?[expert] ?? 0) }
            if rule.nGroups > 1 { leaveOutGroups(rule) }
            choose(token: token, rule: rule)
        }
        group(tokens: count, rule: rule)
    }

    /// Takes the best experts, the first of equals, and weighs them.
    private mutating func choose(token: Int, rule: ExpertRule) {
        let first = token * rule.nUsed
        var sum: Float = 0
        for place in first..<(first + rule.nUsed) {
            let best = Self.best(merits, in: 0..<rule.nExperts)
            merits[best] = -.infinity
            chosen[place] = best
            chosenWeights[place] = scores[token * rule.nExperts + best]
            sum += chosenWeights[place]
        }
        let factor = rule.isNormalized ? rule.scale / (sum + ExpertRule.smallestSum) : rule.scale
        for place in first..<(first + rule.nUsed) { chosenWeights[place] *= factor }
    }

    /// Keeps the experts of the best groups only, the first of equals.
    private mutating func leaveOutGroups(_ rule: ExpertRule) {
        let size = rule.nExperts / rule.nGroups
        groupMerits.reserve(rule.nGroups)
        for group in 0..<rule.nGroups {
            let experts = (group * size)..<((group + 1) * size)
            let best = Self.best(merits, in: experts)
            var second: Float = size > 1 ? -.infinity : 0
            for expert in experts where expert != best { second = max(second, merits[expert]) }
            groupMerits[group] = merits[best] + second
        }
        for group in 0..<rule.nGroups {
            var better = 0
            for other in 0..<rule.nGroups {
                let (theirs, ours) = (groupMerits[other], groupMerits[group])
                if theirs > ours || (theirs == ours && other < group) { better += 1 }
            }
            guard better >= rule.nGroupsUsed else { continue }
            for expert in (group * size)..<((group + 1) * size) { merits[expert] = -.infinity }
        }
    }

    /// Sorts the tokens' choices by expert.
    private mutating func group(tokens count: Int, rule: ExpertRule) {
        tokens.reserve(count * rule.nUsed)
        weights.reserve(count * rule.nUsed)
        starts.reserve(rule.nExperts + 1)
        for index in 0...rule.nExperts { starts[index] = 0 }
        for place in 0..<(count * rule.nUsed) { starts[chosen[place] + 1] += 1 }
        for index in 0..<rule.nExperts { starts[index + 1] += starts[index] }
        for place in 0..<(count * rule.nUsed) {
            let expert = chosen[place]
            tokens[starts[expert]] = place / rule.nUsed
            weights[starts[expert]] = chosenWeights[place]
            starts[expert] += 1
        }
        // Each start has moved to the next one's.
        for index in stride(from: rule.nExperts, to: 0, by: -1) { starts[index] = starts[index - 1] }
        starts[0] = 0
    }

    /// The place of the largest value, the first of equals; a NaN is not larger than any.
    private static func best(_ values: [Float], in range: Range<Int>) -> Int {
        var best = range.lowerBound
        for index in range where values[index] > values[best] { best = index }
        return best
    }
}
