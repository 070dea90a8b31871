import CKernels
import Foundation
import Testing

extension Kernels {
    /// The scan of Mamba-1: pieces of any length give the bits of single steps.
    struct SelectiveScan {
        /// A shape; tails of channels and of state rows among them.
        struct Shape: Sendable, CustomTestStringConvertible {
            let dInner, dState, tokens: Int
            /// So many times as fast do states decay: at some tokens, and in some rows, to nothing.
            var decay: Float = 1

            var testDescription: String { "\(dInner) channels, state \(dState), \(tokens) tokens, decay \(decay)" }
        }

        static let shapes = [
            Shape(dInner: 1, dState: 1, tokens: 3), Shape(dInner: 16, dState: 16, tokens: 9),
            Shape(dInner: 128, dState: 16, tokens: 70), Shape(dInner: 50, dState: 7, tokens: 33),
            Shape(dInner: 33, dState: 24, tokens: 20), Shape(dInner: 70, dState: 37, tokens: 12),
            Shape(dInner: 64, dState: 16, tokens: 40, decay: 8), Shape(dInner: 48, dState: 20, tokens: 30, decay: 100),
        ]

        private struct Model {
            let shape: Shape, A, D, bias, before, dt, z: [Float]
            var x, BC: [Float]
            // Rows are longer than what is read of them, each by another amount.
            var xStride: Int { shape.dInner + 1 }
            var dtStride: Int { shape.dInner + 2 }
            var zStride: Int { shape.dInner + 3 }
            var BCStride: Int { 2 * shape.dState + 4 }

            init(_ shape: Shape) {
                var random = Random(shape.dInner)
                self.shape = shape
                A = random.floats(shape.dState * shape.dInner).map { shape.decay * (-0.1 - 8 * abs($0)) }
                D = random.floats(shape.dInner)
                bias = random.floats(shape.dInner)
                before = random.floats(shape.dState * shape.dInner)
                dt = random.floats(shape.tokens * (shape.dInner + 2), scale: 4)
                z = random.floats(shape.tokens * (shape.dInner + 3), scale: 3)
                x = random.floats(shape.tokens * (shape.dInner + 1))
                BC = random.floats(shape.tokens * (2 * shape.dState + 4))
            }

            /// Outputs and step sizes, then the final state.
            func run(_ pool: OpaquePointer?, pieces: [Int]) -> [Float] {
                var state = before, result: [Float] = [], first = 0
                A.withUnsafeBufferPointer { A in
                    D.withUnsafeBufferPointer { D in
                        bias.withUnsafeBufferPointer { bias in
                            var scan = ck_selective(
                                dInner: shape.dInner, dState: shape.dState, A: A.baseAddress, D: D.baseAddress,
                                dtBias: bias.baseAddress)
                            for tokens in pieces {
                                var y = [Float](repeating: .nan, count: tokens * shape.dInner)
                                var steps = Array(dt[(first * dtStride)..<((first + tokens) * dtStride)])
                                ck_selective_scan(
                                    pool, &scan, Array(x[(first * xStride)...]), xStride, &steps, dtStride,
                                    Array(BC[(first * BCStride)...]), BCStride, Array(z[(first * zStride)...]), zStride,
                                    tokens, &state, &y, shape.dInner)
                                for t in 0..<tokens {
                                    result += y[(t * shape.dInner)..<((t + 1) * shape.dInner)]
                                    result += steps[(t * dtStride)..<((t + 1) * dtStride)]
                                }
                                first += tokens
                            }
                        }
                    }
                }
                return result + state
            }

            /// The recurrence in double: outputs and step sizes, then the final state.
            func exact() -> [Float] {
                var h = before.map(Double.init), result: [Float] = []
                for t in 0..<shape.tokens {
                    var y: [Float] = [], steps: [Float] = []
                    for c in 0..<shape.dInner {
                        let raw = Double(dt[t * dtStride + c]) + Double(bias[c])
                        let step = max(raw, 0) + log1p(exp(-abs(raw)))
                        let input = Double(x[t * xStride + c]), gate = Double(z[t * zStride + c])
                        var sum = Double(D[c]) * input
                        for n in 0..<shape.dState {
                            let i = n * shape.dInner + c
                            h[i] = exp(step * Double(A[i])) * h[i] + step * input * Double(BC[t * BCStride + n])
                            sum += Double(BC[t * BCStride + shape.dState + n]) * h[i]
                        }
                        y.append(Float(sum * gate / (1 + exp(-gate))))
                        steps.append(Float(step))
                    }
                    let untouched = dt[(t * dtStride + shape.dInner)..<((t + 1) * dtStride)]
                    result += y + steps + untouched
                }
                return result + h.map { Float($0) }
            }
        }

        @Test(arguments: shapes)
        func everySetAgrees(_ shape: Shape) {
            let model = Model(shape)
            agree { model.run($0, pieces: [shape.tokens]) }
            agree { model.run($0, pieces: [1, 1, 1]) }
        }

        @Test(arguments: shapes)
        func scansFollowTheRecurrence(_ shape: Shape) {
            let model = Model(shape), found = model.run(nil, pieces: [shape.tokens]), exact = model.exact()
            let outputs = found.count - model.before.count
            #expect(relativeError(Array(found[..<outputs]), Array(exact[..<outputs])) < 1e-5)
            #expect(relativeError(Array(found[outputs...]), Array(exact[outputs...])) < 1e-5)
        }

        @Test(arguments: shapes)
        func piecesDoNotChangeABit(_ shape: Shape) {
            let model = Model(shape), tokens = shape.tokens
            for isa in availableSets() {
                on(isa) {
                    let whole = model.run(nil, pieces: [tokens])
                    for pieces in [[Int](repeating: 1, count: tokens), [1, tokens - 1], [tokens - 2, 2]] {
                        #expect(firstDifference(model.run(nil, pieces: pieces), whole) == nil)
                    }
                }
            }
        }

        @Test func laterTokensAreNotSeen() {
            let model = Model(Self.shapes[2])
            var poisoned = model
            for i in (61 * model.xStride)..<model.x.count { poisoned.x[i] = .nan }
            for i in (61 * model.BCStride)..<model.BC.count { poisoned.BC[i] = .nan }
            let seen = 61 * (model.shape.dInner + model.dtStride)
            for isa in availableSets() {
                on(isa) {
                    let found = poisoned.run(nil, pieces: [70]), expected = model.run(nil, pieces: [70])
                    #expect(firstDifference(Array(found[..<seen]), Array(expected[..<seen])) == nil)
                }
            }
        }
    }
}
