import CKernels
import Foundation
import Testing

extension Kernels {
    /// Reductions over the vocabulary.
    struct Logits {
        @Test(arguments: [1, 15, 16, 17, 333, 50_280])
        func everySetAgrees(_ count: Int) {
            var random = Random(count)
            let x = random.floats(count, scale: 30)
            let probabilities = agree { _ in
                var out = x
                ck_softmax(out, &out, count)
                return out
            }
            let logarithm = agree { _ in [ck_log_sum_exp(x, count)] }[0]
            agree { _ in [Float(ck_argmax(x, count)), Float(ck_count_nonfinite(x, count))] }
            let moments = agree { _ in
                var entropy: Float = 0
                return [ck_entropy(x, count, &entropy), entropy]
            }
            let exact = log(x.reduce(0.0) { $0 + exp(Double($1)) })
            #expect(abs(Double(logarithm) - exact) < 4e-6 * max(1, abs(exact)))
            let entropy = x.reduce(0.0) { $0 - exp(Double($1) - exact) * (Double($1) - exact) }
            #expect(abs(Double(moments[0]) - exact) < 4e-6 * max(1, abs(exact)))
            #expect(abs(Double(moments[1]) - entropy) < 2e-5)
            #expect(abs(probabilities.reduce(0.0) { $0 + Double($1) } - 1) < 1e-5)
            for i in 0..<count { #expect(abs(Double(probabilities[i]) - exp(Double(x[i]) - exact)) < 1e-6) }
        }

        @Test(arguments: [1, 5, 16, 63, 64, 65, 200])
        func whatIsAboveIsFoundInOrder(_ count: Int) {
            var random = Random(count)
            var x = random.floats(count)
            x[count / 2] = .nan
            x[count / 3] = .infinity
            let above = x.indices.filter { x[$0] > 0.5 }
            for isa in availableSets() {
                var found: [Int] = [], from = 0
                on(isa) {
                    while true {
                        from = ck_find_above(x, from, count, 0.5)
                        if from == count { break }
                        found.append(from)
                        from += 1
                    }
                }
                #expect(found == above)
                on(isa) { #expect(ck_find_above(x, 0, count, .infinity) == count) }
            }
        }

        @Test(arguments: [1, 15, 16, 17, 1023, 1024, 1025, 50_280])
        func massesAndCountsAboveThresholds(_ count: Int) {
            var random = Random(count)
            var x = random.floats(count, scale: 12)
            x[count / 2] = .nan
            x[count / 3] = -.infinity
            let thresholds: [Float] = [-.infinity, -3, 6, 11.5]
            let (largest, scale): (Float, Float) = (12, 0.8)
            for step in [1, 3] {
                let found = agree { _ in
                    var masses = [Double](repeating: -1, count: thresholds.count)
                    var counts = masses
                    ck_masses_above(x, count, step, largest, scale, thresholds, &masses, &counts)
                    return (masses + counts).flatMap { [Float($0), Float($0 - Double(Float($0)))] }
                }
                let looked = x.indices.filter { $0 / 16 % step == 0 }.map { x[$0] }
                for (index, threshold) in thresholds.enumerated() {
                    let above = looked.filter { $0 > threshold }
                    let mass = above.reduce(0.0) { $0 + exp(Double($1 - largest) * Double(scale)) }
                    #expect(abs(Double(found[2 * index]) + Double(found[2 * index + 1]) - mass) <= 1e-5 * mass)
                    #expect(found[2 * (index + thresholds.count)] == Float(above.count))
                }
            }
        }

        @Test(arguments: [1, 16, 17, 200])
        func whatLiesBetweenIsCollectedInOrder(_ count: Int) {
            var random = Random(count)
            var x = random.floats(count)
            x[count / 2] = .nan
            x[count / 3] = -0.25
            let wanted = x.indices.filter { x[$0] > -0.5 && x[$0] <= -0.25 }
            for isa in availableSets() {
                on(isa) {
                    for capacity in [0, 1, count] {
                        var values = [Float](repeating: 7, count: count)
                        var indices = [Int32](repeating: -1, count: count)
                        let found = ck_collect(x, count, -0.5, -0.25, &values, &indices, capacity)
                        let expected = wanted.prefix(capacity)
                        #expect(indices.prefix(found).map(Int.init) == Array(expected))
                        #expect(values.prefix(found) == expected.map { x[$0] }[...])
                        #expect(values.dropFirst(found).allSatisfy { $0 == 7 })
                    }
                }
            }
        }

        @Test(arguments: [3, 40])
        func argmaxTakesTheFirstAndNeverANaN(_ length: Int) {
            for isa in availableSets() {
                on(isa) {
                    var x = [Float](repeating: -1, count: length)
                    #expect(ck_argmax(x, length) == 0)
                    (x[0], x[1], x[length - 1]) = (.nan, 5, 5)
                    #expect(ck_argmax(x, length) == 1)
                    x[2 % length] = .infinity
                    #expect(ck_argmax(x, length) == 2)
                    #expect(ck_argmax([Float](repeating: .nan, count: length), length) == 0)
                    #expect(ck_argmax([Float](repeating: -.infinity, count: length), length) == 0)
                    #expect(ck_count_nonfinite(x, length) == 2)
                }
            }
        }

        @Test func extremesOfLogSumExp() {
            for isa in availableSets() {
                on(isa) {
                    #expect(ck_log_sum_exp([], 0) == -.infinity)
                    #expect(ck_log_sum_exp([-.infinity, 3], 2) == 3)
                    #expect(abs(ck_log_sum_exp([1e30, 1e30], 2) / 1e30 - 1) < 1e-6)
                    #expect(ck_log_sum_exp([0, .nan, 1], 3).isNaN)
                }
            }
        }
    }
}
