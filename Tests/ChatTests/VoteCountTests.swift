import Chat
import Testing

@Suite struct VoteCountTests {
    private static let models = ["x", "y", "z"].map { ModelIdentity(name: $0, model: $0 + "1", tokenizer: "t") }

    private static func vote(_ a: Int, _ b: Int, _ choice: Vote.Choice, isBlind: Bool = false) -> Vote {
        Vote(
            question: "Q", a: Vote.Side(model: models[a], answer: "1"), b: Vote.Side(model: models[b], answer: "2"),
            choice: choice, isBlind: isBlind, created: 0)
    }

    @Test func votesCountWhicheverSideAModelWasOn() throws {
        let counts = VoteCount.all([
            Self.vote(0, 1, .a), Self.vote(1, 0, .b, isBlind: true), Self.vote(1, 0, .a), Self.vote(0, 1, .tie),
            Self.vote(1, 0, .bothBad), Self.vote(2, 0, .a),
        ])
        let count = try #require(counts.first)
        #expect(counts.count == 2 && count.models.map(\.name) == ["x", "y"])
        #expect(count.wins == [2, 1] && count.ties == 1 && count.bothBad == 1 && count.blind == 1 && count.votes == 5)
        #expect(count.winRate(0) == Proportion([1, 1, 0]) && count.winRate(1) == Proportion([0, 0, 1]))
        #expect(counts[1].wins == [0, 1])
    }

    @Test func nothingIsSaidOfNoVote() {
        #expect(VoteCount.all([Self.vote(0, 1, .tie)]).first?.winRate(0) == nil)
        #expect(VoteCount.all([Vote]()).isEmpty)
    }
}
