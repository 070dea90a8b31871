import CKernels
import Foundation
import Testing

extension Kernels {
    /// Attention over pages: exact order, and never a position outside.
    struct Attention {
        /// A shape, its window and how many of the last positions ask.
        struct Shape: Sendable, CustomTestStringConvertible {
            let nHeads, nKVHeads, headDim, positions, window, tokens: Int

            var testDescription: String {
                "heads \(nHeads)/\(nKVHeads)×\(headDim), \(positions) positions, window \(window), \(tokens) queries"
            }
        }

        static let shapes = [
            Shape(nHeads: 4, nKVHeads: 2, headDim: 20, positions: 300, window: 0, tokens: 3),
            Shape(nHeads: 3, nKVHeads: 1, headDim: 64, positions: 260, window: 100, tokens: 2),
            Shape(nHeads: 2, nKVHeads: 2, headDim: 10, positions: 40, window: 7, tokens: 40),
            Shape(nHeads: 6, nKVHeads: 3, headDim: 128, positions: 520, window: 0, tokens: 1),
            Shape(nHeads: 1, nKVHeads: 1, headDim: 80, positions: 17, window: 1, tokens: 5),
            // Tiles of queries across the end of a page, and across the beginning of their windows.
            Shape(nHeads: 6, nKVHeads: 2, headDim: 24, positions: 270, window: 0, tokens: 31),
            Shape(nHeads: 4, nKVHeads: 2, headDim: 16, positions: 600, window: 260, tokens: 57),
        ]

        /// Pages filled with NaNs, then with the keys and values of all positions.
        private final class Cache {
            let shape: Shape, half: Bool, q: [Float], k: [Float], v: [Float]
            private var keyPages: [UnsafeMutableRawPointer] = [], valuePages: [UnsafeMutableRawPointer] = []

            init(_ shape: Shape, half: Bool) {
                var random = Random(shape.positions)
                let row = shape.nKVHeads * shape.headDim, bytes = row * CK_PAGE_TOKENS * (half ? 2 : 4)
                (self.shape, self.half) = (shape, half)
                k = random.floats(shape.positions * row, scale: 3)
                v = random.floats(shape.positions * row)
                q = random.floats(shape.tokens * shape.nHeads * shape.headDim, scale: 3)
                for _ in 0...(shape.positions - 1) / 256 {
                    for pages in [\Cache.keyPages, \.valuePages] {
                        let page = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
                        page.initializeMemory(as: UInt8.self, repeating: 0xff, count: bytes)
                        self[keyPath: pages].append(page)
                    }
                }
                var c = self.c, first = 0
                while first < shape.positions {
                    let count = min(shape.positions - first, 256 - first % 256, 100)  // some pieces, not one
                    let part = first * row..<(first + count) * row
                    ck_page_write(
                        nil, &c, keyPages[first / 256], valuePages[first / 256], first % 256, Array(k[part]), row,
                        Array(v[part]), row, count)
                    first += count
                }
            }

            deinit { (keyPages + valuePages).forEach { $0.deallocate() } }

            var c: ck_attention {
                ck_attention(
                    nHeads: shape.nHeads, nKVHeads: shape.nKVHeads, headDim: shape.headDim, scale: 0.3,
                    window: shape.window, half: half)
            }

            /// All queries, in pieces.
            func run(_ pool: OpaquePointer?, pieces: [Int]) -> [Float] {
                var c = self.c, first = 0, result: [Float] = []
                let row = shape.nHeads * shape.headDim
                let keys = keyPages.map { UnsafeRawPointer($0) as UnsafeRawPointer? }
                let values = valuePages.map { UnsafeRawPointer($0) as UnsafeRawPointer? }
                for tokens in pieces {
                    let start = shape.positions - shape.tokens + first
                    let floats = ck_attention_scratch_floats(&c, tokens, start, ck_pool_workers(pool))
                    var scratch = [Float](repeating: .nan, count: floats)
                    var out = [Float](repeating: .nan, count: tokens * row)
                    ck_attention_run(
                        pool, &c, Array(q[(first * row)...]), row, tokens, start, keys, values, &out, row, &scratch)
                    result += out
                    first += tokens
                }
                return result
            }

            /// Softmax attention in double.
            func exact() -> [Float] {
                let P = shape.headDim, row = shape.nKVHeads * P
                var result: [Float] = []
                for t in 0..<shape.tokens {
                    let end = shape.positions - shape.tokens + t + 1
                    let begin = shape.window > 0 ? max(0, end - shape.window) : 0
                    for head in 0..<shape.nHeads {
                        let kv = head / (shape.nHeads / shape.nKVHeads) * P, at = (t * shape.nHeads + head) * P
                        let scores = (begin..<end).map { i in
                            0.3 * (0..<P).reduce(0.0) { $0 + Double(q[at + $1]) * Double(k[i * row + kv + $1]) }
                        }
                        let best = scores.max() ?? 0, weights = scores.map { exp($0 - best) }
                        let sum = weights.reduce(0, +)
                        for d in 0..<P {
                            let value = (begin..<end).reduce(0.0) {
                                $0 + weights[$1 - begin] * Double(v[$1 * row + kv + d])
                            }
                            result.append(Float(value / sum))
                        }
                    }
                }
                return result
            }
        }

        @Test(arguments: shapes, [false, true])
        func everySetAgreesHoweverQueriesCome(_ shape: Shape, half: Bool) {
            let cache = Cache(shape, half: half)
            let together = agree { cache.run($0, pieces: [shape.tokens]) }
            let single = agree { cache.run($0, pieces: [Int](repeating: 1, count: shape.tokens)) }
            #expect(firstDifference(single, together) == nil)
            #expect(together.allSatisfy { $0.isFinite }, "garbage in unused positions stays out")
        }

        @Test(arguments: shapes)
        func outputsAreNearTheExactOnes(_ shape: Shape) {
            let floats = Cache(shape, half: false), halves = Cache(shape, half: true)
            #expect(relativeError(floats.run(nil, pieces: [shape.tokens]), floats.exact()) < 1e-5)
            #expect(relativeError(halves.run(nil, pieces: [shape.tokens]), floats.exact()) < 2e-2)
        }
    }
}
