import CKernels
import Foundation
import Testing

extension Kernels {
    /// Norms, elementwise functions, the convolution and rotary positions.
    struct Layers {
        @Test(arguments: [1, 7, 15, 16, 17, 160, 577])
        func normsAgreeAndAreRight(_ n: Int) {
            var random = Random(n)
            let tokens = 40, stride = n + 2
            let x = random.floats(tokens * stride), weight = random.floats(n)
            let found = agree { pool in
                var y = [Float](repeating: 0, count: tokens * stride)
                ck_rms_norm(pool, x, stride, weight, &y, stride, tokens, n, 1e-5)
                return y
            }
            for t in 0..<tokens {
                let row = x[t * stride..<t * stride + n].map(Double.init)
                let scale = 1 / (row.map { $0 * $0 }.reduce(0, +) / Double(n) + 1e-5).squareRoot()
                for i in 0..<n {
                    #expect(abs(Double(found[t * stride + i]) - row[i] * scale * Double(weight[i])) < 4e-6)
                }
            }
        }

        @Test(arguments: [1, 7, 15, 16, 17, 160, 577])
        func layerNormsAgreeAndAreRight(_ n: Int) {
            var random = Random(n)
            let tokens = 40, stride = n + 2
            let x = random.floats(tokens * stride).map { $0 + 2 }
            let weight = random.floats(n), bias = random.floats(n)
            let found = agree { pool in
                var y = [Float](repeating: 0, count: tokens * stride)
                ck_layer_norm(pool, x, stride, weight, bias, &y, stride, tokens, n, 1e-5)
                return y
            }
            for t in 0..<tokens {
                let row = x[t * stride..<t * stride + n].map(Double.init)
                let mean = row.reduce(0, +) / Double(n)
                let scale = 1 / (row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(n) + 1e-5).squareRoot()
                for i in 0..<n {
                    let expected = (row[i] - mean) * scale * Double(weight[i]) + Double(bias[i])
                    #expect(abs(Double(found[t * stride + i]) - expected) < 2e-5)
                }
            }
        }

        @Test(arguments: [(48, 1), (60, 3), (320, 2), (40, 4)])
        func gatedNormsAgreeAndAreRight(_ n: Int, groups: Int) {
            var random = Random(n)
            let tokens = 30, width = n / groups
            let y0 = random.floats(tokens * n), z = random.floats(tokens * (n + 1), scale: 6), weight = random.floats(n)
            let found = agree { pool in
                var y = y0
                ck_gated_rms_norm(pool, &y, n, z, n + 1, weight, tokens, n, groups, 1e-5)
                return y
            }
            for t in 0..<tokens {
                let gated = (0..<n).map { i in
                    let z = Double(z[t * (n + 1) + i])
                    return Double(y0[t * n + i]) * z / (1 + exp(-z))
                }
                for i in 0..<n {
                    let group = gated[i / width * width..<(i / width + 1) * width]
                    let mean = group.map { $0 * $0 }.reduce(0, +) / Double(width)
                    let expected = gated[i] / (mean + 1e-5).squareRoot() * Double(weight[i])
                    #expect(abs(Double(found[t * n + i]) - expected) < 1e-5)
                }
            }
        }

        @Test(arguments: [1, 16, 19, 40_003])
        func elementwiseFunctionsAgree(_ count: Int) {
            var random = Random(count)
            let a = random.floats(count, scale: 20), b = random.floats(count)
            let product = agree { pool in
                var out = a
                ck_silu_multiply(pool, a, b, &out, count)
                return out
            }
            let tanhProduct = agree { pool in
                var out = a
                ck_gelu_tanh_multiply(pool, a, b, &out, count)
                return out
            }
            let gelu = agree { pool in
                var out = a
                ck_gelu(pool, a, &out, count)
                return out
            }
            let sum = agree { pool in
                var out = a
                ck_add_scaled(pool, &out, b, 0.3, count)
                return out
            }
            var scaled = a
            ck_scale(&scaled, 0.25, count)
            for i in 0..<count {
                let silu = Double(a[i]) / (1 + exp(-Double(a[i])))
                #expect(abs(Double(product[i]) - silu * Double(b[i])) < 1e-5)
                #expect(sum[i] == a[i].addingProduct(0.3, b[i]) && scaled[i] == a[i] / 4)
                #expect(abs(Double(gelu[i]) - Double(a[i]) / 2 * erfc(-Double(a[i]) / 2.0.squareRoot())) < 1e-5)
                #expect(abs(tanhProduct[i] - gelu[i] * b[i]) < 2e-3, "one approximates the other")
            }
        }

        @Test func aRowIsAddedToEach() {
            var random = Random(12)
            let (tokens, n) = (23, 1030), x = random.floats(tokens * n, scale: 3), row = random.floats(n, scale: 3)
            let sums = agree { pool in
                var out = x
                ck_add_row(pool, &out, row, tokens, n)
                return out
            }
            #expect(sums.indices.allSatisfy { sums[$0] == x[$0] + row[$0 % n] })
        }

        @Test func productsTakeColumnsOfRows() {
            let a: [Float] = [1, 2, 9, 3, 4, 9], b: [Float] = [5, 6, 7, 8]
            var out: [Float] = [0, 0, 0, 0]
            ck_multiply(a, 3, b, 2, &out, 2, 2, 2)
            #expect(out == [5, 12, 21, 32])
        }

        private struct Convolution {
            let channels: Int, dConv: Int, x: [Float], weight: [Float], bias: [Float]?
            var silu = true
            var stride: Int { channels + 2 }

            init(channels: Int, dConv: Int, tokens: Int, bias: Bool) {
                var random = Random(channels)
                (self.channels, self.dConv) = (channels, dConv)
                x = random.floats(tokens * (channels + 2))
                weight = random.floats(dConv * channels)
                self.bias = bias ? random.floats(channels) : nil
            }

            /// Outputs, then the final state.
            func run(_ pool: OpaquePointer?, pieces: [Int]) -> [Float] {
                var random = Random(77), first = 0, result: [Float] = []
                var state = random.floats((dConv - 1) * channels)
                for tokens in pieces {
                    var out = [Float](repeating: .nan, count: tokens * channels)
                    let kernel = silu ? ck_causal_conv_silu : ck_causal_conv
                    kernel(
                        pool, Array(x[(first * stride)...]), stride, tokens, channels, dConv, weight, bias, &state, &out
                    )
                    result += out
                    first += tokens
                }
                return result + state
            }
        }

        @Test(arguments: [(160, 4), (23, 2), (16, 3), (300, 4), (33, 1)], [true, false])
        func convolutionAgreesHoweverItIsSplit(_ shape: (Int, Int), bias: Bool) {
            let (channels, dConv) = shape
            let convolution = Convolution(channels: channels, dConv: dConv, tokens: 41, bias: bias)
            let whole = agree { convolution.run($0, pieces: [41]) }
            for pieces in [[Int](repeating: 1, count: 41), [2, 39], [40, 1], [1, 3, 37]] {
                let found = agree { convolution.run($0, pieces: pieces) }
                #expect(firstDifference(found, whole) == nil)
            }
            var random = Random(77)
            let before = random.floats((dConv - 1) * channels)
            for t in 0..<41 {
                for c in 0..<channels {
                    var sum = Double(convolution.bias?[c] ?? 0)
                    for j in 0..<dConv {
                        let at = t - (dConv - 1) + j
                        let x =
                            at < 0 ? before[(dConv - 1 + at) * channels + c] : convolution.x[at * (channels + 2) + c]
                        sum += Double(convolution.weight[j * channels + c]) * Double(x)
                    }
                    #expect(abs(Double(whole[t * channels + c]) - sum / (1 + exp(-sum))) < 1e-6)
                }
            }
        }

        @Test(arguments: [(160, 3), (23, 2)])
        func convolutionWithoutSiLUIsTheSumItself(_ channels: Int, dConv: Int) {
            var convolution = Convolution(channels: channels, dConv: dConv, tokens: 41, bias: true)
            let activated = agree { convolution.run($0, pieces: [3, 38]) }
            convolution.silu = false
            var sums = agree { convolution.run($0, pieces: [41]) }
            ck_silu(sums, &sums, 41 * channels)
            #expect(firstDifference(sums, activated) == nil)
        }

        @Test func rotationTurnsAdjacentPairs() {
            var x: [Float] = [1, 0, 0, 2, 9, 8, 3, 0, 0, 1, 7, 6]  // two heads of six, four of them rotated
            ck_rope_adjacent(&x, 12, 1, 2, 6, 4, [0, 0.6], [1, 0.8])
            #expect(x == [0, 1, -1.6, 1.2, 9, 8, 0, 3, -0.8, 0.6, 7, 6])
        }

        @Test func rotationTurnsPairsHalfAHeadApart() {
            var x: [Float] = [1, 0, 0, 2, 9, 8, 3, 0, 0, 1, 7, 6]  // the same pairs, in the other order
            x.swapAt(1, 2)
            x.swapAt(7, 8)
            ck_rope_halves(&x, 12, 1, 2, 6, 4, [0, 0.6], [1, 0.8])
            #expect(x == [0, -1.6, 1, 1.2, 9, 8, 0, -0.8, 3, 0.6, 7, 6])
        }

        @Test(arguments: [(1, 2), (3, 32), (5, 64), (2, 48), (7, 6)])
        func bothOrdersTurnTheSamePairs(_ tokens: Int, rotated: Int) {
            var random = Random(rotated)
            let heads = 3, headDim = rotated + 10, stride = heads * headDim + 1, pairs = rotated / 2
            let angles = random.floats(tokens * pairs, scale: 3)
            let cosines = angles.map(cos), sines = angles.map(sin)
            /// Where value i of a head in the order of adjacent pairs is in the other order.
            func place(_ i: Int) -> Int { i < rotated ? i % 2 * pairs + i / 2 : i }
            var adjacent = random.floats(tokens * stride), halves = adjacent
            func places() -> [(Int, Int)] {
                (0..<tokens * heads).flatMap { head in
                    let base = head / heads * stride + head % heads * headDim
                    return (0..<headDim).map { (base + $0, base + place($0)) }
                }
            }
            for (from, to) in places() { halves[to] = adjacent[from] }
            ck_rope_adjacent(&adjacent, stride, tokens, heads, headDim, rotated, cosines, sines)
            ck_rope_halves(&halves, stride, tokens, heads, headDim, rotated, cosines, sines)
            #expect(places().allSatisfy { halves[$1] == adjacent[$0] })
        }
    }
}
