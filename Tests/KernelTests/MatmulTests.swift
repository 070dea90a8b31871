import CKernels
import Testing

/// Each value with activations of one digit, and for quantised types also of two.
private func pairs<Value>(_ values: [Value], digits type: ElementType) -> [(Value, Int)] {
    values.flatMap { value in (type.isQuantized ? [1, 2] : [1]).map { (value, $0) } }
}

extension Kernels {
    /// Matrix products: one order of sums for every set, thread count and number of tokens.
    struct Matmul {
        /// Activations with their whole numbers, made by the set in use.
        final class Activations {
            var values: [Float], quants: [Int8], scales: [Float], sums: [Int32], firstSums: [Int32]
            let tokens: Int, columns: Int, stride: Int, digits: Int

            init(tokens: Int, columns: Int, digits: Int, seed: Int) {
                var random = Random(seed)
                (self.tokens, self.columns, self.digits, stride) = (tokens, columns, digits, columns + 3)
                values = random.floats(tokens * stride, scale: 4)
                quants = .init(repeating: 99, count: tokens * digits * columns)
                scales = .init(repeating: .nan, count: tokens * (columns / 32))
                sums = .init(repeating: 99, count: tokens * (columns / 32))
                firstSums = sums
            }

            func withC<Result>(_ body: (UnsafePointer<ck_activations>) -> Result) -> Result {
                values.withUnsafeBufferPointer { values in
                    quants.withUnsafeMutableBufferPointer { quants in
                        scales.withUnsafeMutableBufferPointer { scales in
                            sums.withUnsafeMutableBufferPointer { sums in
                                firstSums.withUnsafeMutableBufferPointer { firstSums in
                                    var c = ck_activations(
                                        values: values.baseAddress, tokens: tokens, columns: columns, stride: stride,
                                        digits: digits, quants: quants.baseAddress, scales: scales.baseAddress,
                                        sums: sums.baseAddress, firstSums: firstSums.baseAddress)
                                    return body(&c)
                                }
                            }
                        }
                    }
                }
            }

            func product(_ matrix: TestMatrix, pool: OpaquePointer? = nil) -> [Float] {
                let yStride = matrix.rows + 5
                var y = [Float](repeating: 0, count: tokens * yStride)
                var c = matrix.c
                withC {
                    if matrix.type.isQuantized { ck_quantize(pool, $0) }
                    ck_matmul(pool, &c, $0, &y, yStride)
                }
                return y
            }

            /// Quant `c` of a token, put together.
            func quant(_ t: Int, _ c: Int) -> Int32 {
                let first = Int32(quants[t * digits * columns + c])
                return digits == 1 ? first : 255 * first + Int32(quants[(t * digits + 1) * columns + c])
            }
        }

        @Test(arguments: ElementType.allCases, [(16, 32), (1, 64), (23, 96), (130, 160), (77, 608)])
        func everySetAgrees(_ type: ElementType, shape: (Int, Int)) {
            let columns = ck_block_elements(type.c) > 1 ? type.columns(near: shape.1) : shape.1 - 3
            let matrix = TestMatrix(type, rows: shape.0, columns: columns, seed: 1)
            for (tokens, digits) in pairs([1, 2, 3, 8, 13, 27, 134], digits: type) {
                let y = agree {
                    Activations(tokens: tokens, columns: columns, digits: digits, seed: 2).product(matrix, pool: $0)
                }
                let untouched = (0..<tokens).allSatisfy { t in
                    y[t * (shape.0 + 5) + shape.0..<(t + 1) * (shape.0 + 5)].allSatisfy { $0 == 0 }
                }
                #expect(untouched, "nothing is written between the rows of y")
            }
        }

        @Test func sharingTokensAgrees() {
            let matrix = TestMatrix(.q4, rows: 40, columns: 64, seed: 1)
            agree { Activations(tokens: 150, columns: 64, digits: 1, seed: 2).product(matrix, pool: $0) }
        }

        @Test(arguments: ElementType.allCases)
        func oneTokenAtATimeGivesTheSameBits(_ type: ElementType) {
            let columns = type.columns(near: 192)
            let matrix = TestMatrix(type, rows: 171, columns: columns, seed: 4)
            for (isa, digits) in pairs(availableSets(), digits: type) {
                on(isa) {
                    let many = Activations(tokens: 29, columns: columns, digits: digits, seed: 5)
                    let y = many.product(matrix)
                    for t in 0..<29 {
                        let one = Activations(tokens: 1, columns: columns, digits: digits, seed: 0)
                        one.values = Array(many.values[t * many.stride..<(t + 1) * many.stride])
                        #expect(firstDifference(one.product(matrix), Array(y[t * 176..<(t + 1) * 176])) == nil)
                    }
                }
            }
        }

        @Test(arguments: ElementType.allCases, [1, 2])
        func productsAreNearTheExactOnes(_ type: ElementType, digits: Int) {
            let columns = type.columns(near: 320)
            let matrix = TestMatrix(type, rows: 33, columns: columns, seed: 6)
            let x = Activations(tokens: 5, columns: columns, digits: digits, seed: 7)
            let y = x.product(matrix)
            for row in 0..<33 {
                let weights = matrix.row(row)
                for t in 0..<5 {
                    var exact = 0.0, bound = 0.0
                    for c in 0..<columns {
                        let product = Double(weights[c]) * Double(x.values[t * x.stride + c])
                        exact += product
                        bound += Double(columns) * 0x1p-23 * abs(product)
                        // Half a step of the whole numbers.
                        if type.isQuantized {
                            bound += 0.501 * Double(abs(weights[c]) * x.scales[t * (columns / 32) + c / 32])
                        }
                    }
                    #expect(abs(Double(y[t * 38 + row]) - exact) <= bound)
                }
            }
        }

        @Test(arguments: ElementType.allCases.filter(\.isQuantized), [UInt8(0xff), 0x80, 0x7f, 0x00])
        func theLargestSumsFit(_ type: ElementType, quants: UInt8) {
            let columns = type.columns(near: 64)
            let matrix = TestMatrix(type, rows: 16, columns: columns, seed: 11, quants: quants)
            for sign: Float in [1, -1] {
                for (tokens, digits) in pairs([1, 2, 4, 8], digits: type) {
                    let y = agree { pool in
                        let x = Activations(tokens: tokens, columns: columns, digits: digits, seed: 0)
                        for i in x.values.indices { x.values[i] = sign }
                        return x.product(matrix, pool: pool)
                    }
                    let exact = (0..<16).map { matrix.row($0).reduce(0) { $0 + Double($1) * Double(sign) } }
                    #expect((0..<16).allSatisfy { abs(Double(y[$0]) - exact[$0]) <= 1e-5 * max(1, abs(exact[$0])) })
                }
            }
        }

        @Test(arguments: [1, 2])
        func quantsAreTheNearest(digits: Int) {
            let x = Activations(tokens: 3, columns: 64, digits: digits, seed: 8)
            for c in 0..<32 { x.values[c] = 0 }  // the first block is zeros
            x.values[32] = 7 * .leastNonzeroMagnitude  // the second holds little but a subnormal
            for c in 33..<64 { x.values[c] = 0 }
            for isa in availableSets() {
                on(isa) { x.withC { ck_quantize(nil, $0) } }
                #expect(x.scales[0] == 0 && x.sums[0] == 0 && (0..<32).allSatisfy { x.quant(0, $0) == 0 })
                #expect((33..<64).allSatisfy { x.quant(0, $0) == 0 })
                for t in 1..<3 {
                    for c in 0..<64 {
                        let exact = x.values[t * x.stride + c] / x.scales[t * 2 + c / 32]
                        #expect(Float(x.quant(t, c)) == exact.rounded(.toNearestOrEven))
                    }
                    for b in 0..<2 {
                        let block = (b * 32..<b * 32 + 32).map { x.quant(t, $0) }
                        #expect(x.sums[t * 2 + b] == block.reduce(0, +))
                        #expect(x.firstSums[t * 2 + b] == block.prefix(16).reduce(0, +))
                        #expect(block.map(abs).max() == (digits == 1 ? 127 : 32512))
                    }
                }
                #expect(!x.quants.contains(-128), "no kernel is told of it")
            }
        }

        @Test(arguments: [Float.nan, .infinity, -.infinity])
        func whatIsNotFiniteShowsInEveryProduct(_ bad: Float) {
            let matrix = TestMatrix(.q4, rows: 20, columns: 64, seed: 9)
            for isa in availableSets() {
                on(isa) {
                    let x = Activations(tokens: 1, columns: 64, digits: 1, seed: 10)
                    x.values[40] = bad
                    #expect(x.product(matrix)[..<20].allSatisfy { $0.isNaN })
                }
            }
        }
    }
}
