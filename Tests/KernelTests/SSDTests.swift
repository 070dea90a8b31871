import CKernels
import Foundation
import Testing

extension Kernels {
    /// The state-space model: chunks equal steps, whatever the pieces.
    struct SSD {
        /// A shape; tails of every kind among them.
        struct Shape: Sendable, CustomTestStringConvertible {
            let nHeads, headDim, dState, nGroups, tokens: Int

            var testDescription: String {
                "heads \(nHeads)×\(headDim), state \(dState), groups \(nGroups), \(tokens) tokens"
            }
        }

        static let shapes = [
            Shape(nHeads: 1, headDim: 10, dState: 16, nGroups: 1, tokens: 5),
            Shape(nHeads: 3, headDim: 20, dState: 16, nGroups: 1, tokens: 70),
            Shape(nHeads: 4, headDim: 64, dState: 128, nGroups: 2, tokens: 130),
            Shape(nHeads: 2, headDim: 80, dState: 24, nGroups: 2, tokens: 66),
            Shape(nHeads: 5, headDim: 8, dState: 7, nGroups: 1, tokens: 193),
            Shape(nHeads: 3, headDim: 33, dState: 16, nGroups: 3, tokens: 64),
        ]

        private struct Model {
            let shape: Shape, A: [Float], D: [Float], bias: [Float], dt: [Float], before: [Float]
            var xBC: [Float]
            var xBCStride: Int { shape.nHeads * shape.headDim + 2 * shape.nGroups * shape.dState + 3 }
            var dtStride: Int { shape.nHeads + 2 }
            var width: Int { shape.nHeads * shape.headDim }

            init(_ shape: Shape) {
                var random = Random(shape.headDim)
                self.shape = shape
                A = random.floats(shape.nHeads).map { -0.1 - 3 * abs($0) }
                D = random.floats(shape.nHeads)
                bias = random.floats(shape.nHeads)
                before = random.floats(shape.nHeads * shape.dState * shape.headDim)
                dt = random.floats(shape.tokens * (shape.nHeads + 2), scale: 4)
                let row = shape.nHeads * shape.headDim + 2 * shape.nGroups * shape.dState + 3
                xBC = random.floats(shape.tokens * row)
            }

            /// Outputs, then the final state.
            func run(_ pool: OpaquePointer?, pieces: [Int], dtMin: Float = 0.02, dtMax: Float = 3) -> [Float] {
                var state = before, result: [Float] = [], first = 0
                A.withUnsafeBufferPointer { A in
                    D.withUnsafeBufferPointer { D in
                        bias.withUnsafeBufferPointer { bias in
                            var ssd = ck_ssd(
                                nHeads: shape.nHeads, headDim: shape.headDim, dState: shape.dState,
                                nGroups: shape.nGroups, A: A.baseAddress, D: D.baseAddress, dtBias: bias.baseAddress,
                                dtMin: dtMin, dtMax: dtMax)
                            for tokens in pieces {
                                let floats = ck_ssd_scratch_floats(&ssd, tokens, ck_pool_workers(pool))
                                var scratch = [Float](repeating: .nan, count: floats)
                                var y = [Float](repeating: .nan, count: tokens * width)
                                ck_ssd_run(
                                    pool, &ssd, Array(xBC[(first * xBCStride)...]), xBCStride,
                                    Array(dt[(first * dtStride)...]), dtStride, tokens, &state, &y, width, &scratch)
                                result += y
                                first += tokens
                            }
                        }
                    }
                }
                return result + state
            }

            /// The recurrence in double.
            func exact(dtMin: Double = 0.02, dtMax: Double = 3) -> [Float] {
                let P = shape.headDim, N = shape.dState
                var h = before.map(Double.init), y: [Float] = []
                for t in 0..<shape.tokens {
                    for head in 0..<shape.nHeads {
                        let group = head / (shape.nHeads / shape.nGroups)
                        let raw = Double(dt[t * dtStride + head]) + Double(bias[head])
                        let step = min(max(max(raw, 0) + log1p(exp(-abs(raw))), dtMin), dtMax)
                        for p in 0..<P {
                            let x = Double(xBC[t * xBCStride + head * P + p])
                            var sum = Double(D[head]) * x
                            for n in 0..<N {
                                let B = Double(xBC[t * xBCStride + width + group * N + n])
                                let C = Double(xBC[t * xBCStride + width + (shape.nGroups + group) * N + n])
                                let i = (head * N + n) * P + p
                                h[i] = exp(step * Double(A[head])) * h[i] + step * x * B
                                sum += C * h[i]
                            }
                            y.append(Float(sum))
                        }
                    }
                }
                return y + h.map { Float($0) }
            }
        }

        @Test(arguments: shapes)
        func everySetAgrees(_ shape: Shape) {
            let model = Model(shape)
            agree { model.run($0, pieces: [shape.tokens]) }
            agree { model.run($0, pieces: [1, 1, 1]) }
        }

        @Test(arguments: shapes)
        func chunksEqualTheRecurrence(_ shape: Shape) {
            let model = Model(shape), exact = model.exact()
            let outputs = shape.tokens * model.width, tokens = shape.tokens
            for pieces in [
                [tokens], [Int](repeating: 1, count: tokens), [3, tokens - 3], [1, tokens - 1], [tokens - 1, 1],
            ] {
                let found = model.run(nil, pieces: pieces)
                #expect(relativeError(Array(found[..<outputs]), Array(exact[..<outputs])) < 1e-5)
                #expect(relativeError(Array(found[outputs...]), Array(exact[outputs...])) < 1e-5)
            }
        }

        @Test func stepsAreClampedAtEveryToken() {
            let model = Model(Self.shapes[1])
            for (low, high) in [(0.5, 0.6), (1e-3, 1e-2)] {
                let exact = model.exact(dtMin: low, dtMax: high)
                for pieces in [[70], [Int](repeating: 1, count: 70)] {
                    let found = model.run(nil, pieces: pieces, dtMin: Float(low), dtMax: Float(high))
                    #expect(relativeError(found, exact) < 1e-5)
                }
            }
        }

        @Test func laterTokensAreNotSeen() {
            let model = Model(Self.shapes[1])
            var poisoned = model
            for i in (61 * model.xBCStride)..<model.xBC.count { poisoned.xBC[i] = .nan }
            for isa in availableSets() {
                on(isa) {
                    let found = poisoned.run(nil, pieces: [70]), expected = model.run(nil, pieces: [70])
                    let seen = 61 * model.width
                    #expect(firstDifference(Array(found[..<seen]), Array(expected[..<seen])) == nil)
                }
            }
        }
    }
}
