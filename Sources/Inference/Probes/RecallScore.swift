package import Engine

/// How well a model answered at one place of a trial.
package struct RecallScore: Sendable, Equatable {
    /// The fraction of predictions in which the answer was likelier than each other candidate.
    package var correct: Double
    /// The fraction in which it was the likeliest of all tokens.
    package var firstChoice: Double
    /// The mean of ln p of the answers, among all tokens.
    package var logProbability: Double
    /// What `correct` is for a model that knows the candidates and nothing else.
    package var chance: Double

    /// The mean of some scores, of which there is one at least.
    fileprivate init(mean scores: [RecallScore]) {
        func mean(_ value: (RecallScore) -> Double) -> Double {
            scores.reduce(0) { $0 + value($1) } / Double(scores.count)
        }
        self.init(
            correct: mean { $0.correct }, firstChoice: mean { $0.firstChoice },
            logProbability: mean { $0.logProbability }, chance: mean { $0.chance })
    }

    fileprivate init(correct: Double, firstChoice: Double, logProbability: Double, chance: Double) {
        self.correct = correct
        self.firstChoice = firstChoice
        self.logProbability = logProbability
        self.chance = chance
    }
}

extension [RecallStation] {
    /// Tokens that are read in all.
    package var tokenCount: Int {
        reduce(0) { $0 + $1.reading.count + $1.questions.reduce(0) { $0 + $1.tokens.count } }
    }

    /// Tokens of the sequence at the end of each station's longest question.
    package var lengths: [Int] {
        var read = 0
        return map { station in
            read = (station.startsOver ? 0 : read) + station.reading.count
            return read + (station.questions.map(\.tokens.count).max() ?? 0)
        }
    }

    /// Puts a model through a trial: one score for each station.
    ///
    /// Each question is asked from the state after the reading, to which the model goes back.
    package func scores(_ model: Model) throws -> [RecallScore] {
        var runner = ModelRunner(model)
        let start = runner.state
        return try map { station in
            if station.startsOver { runner.state = start }
            try runner.feed(station.reading, wanting: .none)
            let place = runner.state
            let scores = try station.questions.map { question in
                runner.state = place
                return try question.score(&runner)
            }
            runner.state = place
            return RecallScore(mean: scores)
        }
    }
}

extension RecallQuestion {
    /// Feeds the question, and says how its tokens were predicted.
    fileprivate func score(_ runner: inout ModelRunner) throws -> RecallScore {
        var place = scored.lowerBound - 1
        try runner.feed(Array(tokens[..<place]), wanting: .none)
        var scores: [RecallScore] = []
        while place < scored.upperBound - 1 {
            let end = Swift.min(place + runner.chunkSize, scored.upperBound - 1)
            try runner.feed(Array(tokens[place..<end]), wanting: .all)
            scores += (place..<end).map { score(of: tokens[$0 + 1], row: $0 - place, runner) }
            place = end
        }
        return RecallScore(mean: scores)
    }

    private func score(of token: Int32, row: Int, _ runner: ModelRunner) -> RecallScore {
        let start = row * runner.vocabSize
        let logit = runner.logits[start + Int(token)]
        let isAhead = candidates.allSatisfy { $0 == token || runner.logits[start + Int($0)] < logit }
        return RecallScore(
            correct: isAhead ? 1 : 0, firstChoice: runner.best(row: row).token == token ? 1 : 0,
            logProbability: -Double(runner.negativeLogLikelihood(of: token, row: row)),
            chance: 1 / Double(candidates.count))
    }
}
