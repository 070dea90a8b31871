import Engine
import Foundation
import Testing
import Tokenization

@testable import Inference

/// What recall probes ask, and that what they find is what the models compute.
@Suite struct RecallProbeTests {
    static let models = ["mamba2-g1-F32", "mamba-tied-F16", "llama-gqa-F32", "falcon-h1-F32"]
    static let names = RecallProbes.all.map { $0.name }
    private static let distances = [40, 64, 96]

    private static func probe(_ name: String) throws -> any RecallProbe.Type {
        try #require(RecallProbes.all.first { $0.name == name })
    }

    /// The predictions of a whole text, each row from all before it: fed at once, without going back.
    private static func logits(of text: [Int32], _ model: Model) throws -> (Int) -> ArraySlice<Float> {
        var runner = ModelRunner(model)
        try runner.feed(text, wanting: .all)
        let (logits, size) = (runner.logits, runner.vocabSize)
        return { logits[($0 * size)..<(($0 + 1) * size)] }
    }

    @Test(arguments: models, names)
    func scoresAreThoseOfTheWholeText(model: String, name: String) throws {
        let loaded = try TinyModels.load(model)
        let material = ProbeMaterial(loaded.tokenizer)
        let trial = try Self.probe(name).trial(3, seed: 5, distances: Self.distances, material: material)
        let scores = try trial.scores(loaded.model)
        #expect(scores.count == Self.distances.count)
        var read: [Int32] = []
        for (station, score) in zip(trial, scores) {
            read = (station.startsOver ? [] : read) + station.reading
            var (correct, first, sum, count) = (0.0, 0.0, 0.0, 0.0)
            for question in station.questions {
                let row = try Self.logits(of: read + question.tokens, loaded.model)
                for place in question.scored {
                    let predictions = Array(row(read.count + place - 1)).map(Double.init)
                    let answer = Int(question.tokens[place])
                    let others = question.candidates.map(Int.init).filter { $0 != answer }
                    if others.allSatisfy({ predictions[$0] < predictions[answer] }) { correct += 1 }
                    if predictions.firstIndex(of: predictions.max() ?? 0) == answer { first += 1 }
                    let top = predictions.max() ?? 0
                    sum += predictions[answer] - top - log(predictions.reduce(0) { $0 + exp($1 - top) })
                    count += 1
                    #expect(question.candidates.contains(Int32(answer)))
                }
            }
            #expect(abs(score.logProbability - sum / count) < 1e-4 * abs(sum / count))
            // A near tie may fall either way when texts are fed in other pieces.
            #expect(abs(score.correct - correct / count) * count <= 1)
            #expect(abs(score.firstChoice - first / count) * count <= 1)
            let candidates = Set(station.questions[0].candidates)
            #expect(abs(score.chance - 1 / Double(candidates.count)) < 1e-12)
        }
    }

    @Test(arguments: names)
    func trialsAreTheSameForASeed(name: String) throws {
        let material = ProbeMaterial(try TinyModels.load("mamba2-g1-F32").tokenizer)
        let probe = try Self.probe(name)
        func trial(_ number: Int, _ seed: UInt64) -> [RecallStation] {
            probe.trial(number, seed: seed, distances: Self.distances, material: material)
        }
        #expect(trial(0, 1) == trial(0, 1))
        #expect(trial(0, 1) != trial(1, 1))
        #expect(trial(0, 1) != trial(0, 2))
    }

    /// Each answer stands in what was read, `distance` tokens before it has to be said.
    @Test(arguments: names)
    func answersStandAtTheDistance(name: String) throws {
        let material = ProbeMaterial(try TinyModels.load("mamba2-g1-F32").tokenizer)
        let trial = try Self.probe(name).trial(2, seed: 9, distances: [96, 40, 64], material: material)
        #expect(trial.map(\.distance) == Self.distances)
        var read: [Int32] = []
        for station in trial {
            read = (station.startsOver ? [] : read) + station.reading
            var nearest = Int.max
            for question in station.questions {
                for place in question.scored {
                    let context = read + question.tokens[..<place]
                    let before = name == "copy" ? 0 : min(place, 2)
                    // The answer's first place: for pairs, behind its key.
                    let source = try #require(
                        context.indices.dropFirst(before).first { index in
                            context[index] == question.tokens[place]
                                && context[(index - before)..<index].elementsEqual(
                                    question.tokens[(place - before)..<place])
                        })
                    nearest = min(nearest, context.count - source)
                    if name != "association" { #expect(context.count - source == station.distance) }
                }
            }
            // Lines are added whole.
            #expect(nearest <= station.distance && nearest > station.distance - 8)
        }
    }

    @Test func whatTheShippedModelReadsIsWords() throws {
        let tokenizer = try LoadedModel.tokenizer(at: RealModel.defaultPath)
        let material = ProbeMaterial(tokenizer)
        #expect(material.words.count > 10_000)
        #expect(material.nouns.count > 100)
        #expect(Set(material.nouns).isSubset(of: material.words))
        #expect(tokenizer.decode(Array(material.nouns.prefix(1)), skipSpecial: false) == " apple")
        #expect(material.text.count > 8_192)
        var random = SplitMix64(seed: 1)
        let stations = NeedleProbe.stations(distances: [64], material: material, random: &random)
        let text = tokenizer.decode(stations[0].reading + stations[0].questions[0].tokens, skipSpecial: false)
        let sentences = text.split(separator: "\n").filter { $0.hasPrefix("The password of the ") }
        #expect(sentences.count == 2 && sentences[0] == sentences[1] + ".")
    }
}

extension LoadedModel {
    /// The tokenizer of a model whose weights aren't needed.
    static func tokenizer(at path: String) throws -> any Tokenizer {
        try ModelInfo(path: path).tokenizer.get()
    }
}
