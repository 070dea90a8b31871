/// What was voted on two models.
public struct VoteCount: Sendable, Equatable {
    /// The models, whichever was A: by name.
    public var models: [ModelIdentity]
    /// Votes for each of them.
    public private(set) var wins = [0, 0]
    public private(set) var ties = 0
    public private(set) var bothBad = 0
    /// Votes of readers who didn't know which model is which.
    public private(set) var blind = 0

    public var votes: Int { wins[0] + wins[1] + ties + bothBad }

    /// How often a model is preferred, of the votes that prefer one; nil where none does.
    public func winRate(_ model: Int) -> Proportion? {
        Proportion(Array(repeating: 1, count: wins[model]) + Array(repeating: 0, count: wins[1 - model]))
    }

    /// Counts votes by the two models that they are on, most votes first.
    public static func all(_ votes: some Sequence<Vote>) -> [VoteCount] {
        var counts: [VoteCount] = []
        for vote in votes {
            let sides = [vote.a.model, vote.b.model]
            let models = sides.sorted { ($0.name, $0.model) < ($1.name, $1.model) }
            let index =
                counts.firstIndex { $0.models.map(\.model) == models.map(\.model) }
                ?? {
                    counts.append(VoteCount(models: models))
                    return counts.count - 1
                }()
            let first = sides[0].model == models[0].model ? 0 : 1
            switch vote.choice {
            case .a: counts[index].wins[first] += 1
            case .b: counts[index].wins[1 - first] += 1
            case .tie: counts[index].ties += 1
            case .bothBad: counts[index].bothBad += 1
            }
            if vote.isBlind { counts[index].blind += 1 }
        }
        return counts.sorted { $0.votes > $1.votes }
    }
}
