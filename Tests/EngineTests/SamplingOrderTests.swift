import Engine
import Foundation
import Testing

/// Choosing without sorting gives what sorting gives.
@Suite struct SamplingOrderTests {
    /// Shapes of predictions.
    enum Shape: String, CaseIterable {
        case peaked, natural, flat, equal, stepped, gapped, damaged, tiny
    }

    private static func logits(_ shape: Shape, count: Int, seed: UInt64) -> [Float] {
        var random = SplitMix64(seed: seed)
        func uniform() -> Double { random.nextUnit() }
        func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
        switch shape {
        case .peaked: return (0..<count).map { _ in Float(normal() * 6) }
        case .natural: return (0..<count).map { _ in Float(normal() * 2 - log(1 - uniform())) }
        case .flat: return (0..<count).map { _ in Float(uniform() * 0.01 + 3) }
        case .equal: return [Float](repeating: -2.5, count: count)
        case .stepped: return (0..<count).map { _ in Float((uniform() * 12).rounded()) }
        case .gapped: return (0..<count).map { $0 % 997 == 5 ? Float(uniform()) : Float(uniform() * 1e-4 - 500) }
        case .damaged:
            return (0..<count).map { [.nan, -.infinity][safe: $0 % 5] ?? Float(normal()) }
        case .tiny: return (0..<min(count, 7)).map { _ in Float(normal()) }
        }
    }

    private static let settings: [SamplerSettings] = [
        SamplerSettings(temperature: 0), SamplerSettings(temperature: 1), SamplerSettings(temperature: 0.2),
        SamplerSettings(temperature: 1, topK: 40), SamplerSettings(temperature: 1.5, topK: 2000),
        SamplerSettings(temperature: 1, topP: 0.9), SamplerSettings(temperature: 0.7, topP: 0),
        SamplerSettings(temperature: 100, topP: 0.99), SamplerSettings(temperature: 1e-40),
        SamplerSettings(temperature: 1, minP: 0.05), SamplerSettings(temperature: 1, minP: 1),
        SamplerSettings(temperature: 2, topK: 700, topP: 0.8, minP: 0.3),
        SamplerSettings(temperature: 1, typicalP: 0.5), SamplerSettings(temperature: 1, topP: 0.9, typicalP: 0.8),
        SamplerSettings(temperature: 1, topK: 50, topP: 0.95, minP: 0.05, typicalP: 0.9),
        SamplerSettings(
            temperature: 0.2, topK: 40, topP: 0.95, minP: 0.05, repeatPenalty: 1.1, logitBias: [3: 4, 1: -.infinity]),
        SamplerSettings(temperature: 0, frequencyPenalty: 0.5, presencePenalty: 0.2),
        SamplerSettings(temperature: 1, repeatPenalty: 1.3, frequencyPenalty: 0.5, penaltyWindow: 20),
    ]

    @Test(arguments: Shape.allCases)
    func choosesWhatSortingChooses(_ shape: Shape) {
        var workspace = SamplingWorkspace()
        for (number, settings) in Self.settings.enumerated() {
            let seed = UInt64(number)
            let logits = Self.logits(shape, count: [300, 5003][number % 2], seed: seed)
            var sampler = Sampler(settings, seed: seed)
            var plain = PlainSampler(settings: settings, generator: SplitMix64(seed: seed))
            for draw in 0..<25 {
                let chosen = sampler.choose(from: logits, workspace: &workspace)
                let expected = plain.choose(from: logits)
                #expect(chosen == expected, "\(settings), draw \(draw)")
                sampler.observe(chosen)
                plain.observe(chosen)
            }
        }
    }
}

/// The definition: every candidate in a sorted list.
private struct PlainSampler {
    var settings: SamplerSettings
    var generator: SplitMix64
    var window: [Int32] = []

    mutating func observe(_ token: Int32) {
        window = (window + [token]).suffix(settings.penaltyWindow)
    }

    mutating func choose(from logits: [Float]) -> Int32 {
        var logits = logits
        for (token, bias) in settings.logitBias where logits.indices.contains(Int(token)) { logits[Int(token)] += bias }
        for token in Set(window) {
            var logit = Double(logits[Int(token)])
            logit = logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
            let count = window.count { $0 == token }
            logits[Int(token)] = Float(
                logit - settings.frequencyPenalty * Double(count) - settings.presencePenalty)
        }
        var order = logits.indices.filter { logits[$0] > -.infinity }
        order.sort { (logits[$0], $1) > (logits[$1], $0) }
        guard settings.temperature > 0, let best = order.first else { return Int32(order.first ?? 0) }
        if settings.topK > 0 { order = Array(order.prefix(settings.topK)) }
        var probabilities = order.map { exp(Double(logits[$0] - logits[best]) / settings.temperature) }
        func normalize() {
            let sum = probabilities.reduce(0, +)
            probabilities = probabilities.map { $0 / sum }
        }
        func keep(_ kept: [Int]) {
            (order, probabilities) = (kept.map { order[$0] }, kept.map { probabilities[$0] })
            normalize()
        }
        func reach(_ mass: Double, _ places: [Int]) -> [Int] {
            var sum = 0.0
            let end = places.firstIndex { place in
                sum += probabilities[place]
                return sum >= mass
            }
            return Array(places.prefix((end ?? places.count) + 1))
        }
        normalize()
        if settings.typicalP < 1 {
            let surprises = probabilities.map { $0 > 0 ? -log($0) : .infinity }
            let entropy = zip(probabilities, surprises).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
            let nearest = order.indices.sorted {
                (abs(surprises[$0] - entropy), $0) < (abs(surprises[$1] - entropy), $1)
            }
            keep(reach(settings.typicalP, nearest).sorted())
        }
        if settings.topP < 1 { keep(reach(settings.topP, Array(order.indices))) }
        if settings.minP > 0 { keep(order.indices.filter { probabilities[$0] >= settings.minP * probabilities[0] }) }
        var left = generator.nextUnit()
        for (token, probability) in zip(order, probabilities) {
            left -= probability
            if left < 0 { return Int32(token) }
        }
        return Int32(best)
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
