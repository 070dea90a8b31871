import CKernels
import Foundation
import Testing

extension Kernels {
    /// exp, SiLU, softplus, tanh and GELU: the same polynomials everywhere, near libm in double.
    struct Functions {
        typealias Kernel = @Sendable (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void

        /// The functions under test.
        static let kernels: [Kernel] = [ck_exp, ck_silu, ck_softplus, ck_tanh, gelu, geluTanh]

        private static let gelu: Kernel = { ck_gelu(nil, $0, $1, $2) }

        private static let geluTanh: Kernel = { x, out, count in
            ck_gelu_tanh_multiply(nil, x, [Float](repeating: 1, count: count), out, count)
        }

        /// Values over the whole range of floats, both signs, and around the limits of exp.
        static let inputs: [Float] = {
            var inputs = stride(from: UInt32(0), to: 0x7f80_0000, by: 40_009).flatMap { bits in
                [Float(bitPattern: bits), -Float(bitPattern: bits)]
            }
            inputs += stride(from: Float(-105), to: 91, by: 0.00613).map { $0 }
            return inputs
        }()

        private func apply(_ kernel: @escaping Kernel, _ x: [Float]) -> [Float] {
            var out = x
            kernel(x, &out, x.count)
            return out
        }

        private func largestError(
            _ kernel: @escaping Kernel, in range: ClosedRange<Float>, _ exact: (Double) -> Double
        ) -> Double {
            let x = Self.inputs.filter { range.contains($0) }
            return zip(x, apply(kernel, x)).map { x, found in
                let expected = exact(Double(x))
                let normal = abs(expected) >= Double(Float.leastNormalMagnitude)
                return normal ? abs(Double(found) / expected - 1) : 0
            }.max() ?? .infinity
        }

        @Test func everySetAgrees() {
            for kernel in Self.kernels {
                for count in [0, 1, 7, 15, 16, 17, 33] {
                    agree { _ in apply(kernel, Array(Self.inputs.suffix(count))) }
                }
                agree { _ in apply(kernel, Self.inputs + [.nan, .infinity, -.infinity, 0, -0]) }
            }
        }

        @Test func errorsStayWithinTheStatedBounds() {
            #expect(largestError(ck_exp, in: -87...88.72) { exp($0) } < 1e-7)
            #expect(largestError(ck_softplus, in: -87...1e30) { max($0, 0) + log1p(exp(-abs($0))) } < 1.5e-7)
            #expect(largestError(ck_silu, in: -87...1e30) { $0 / (1 + exp(-$0)) } < 2e-7)
            #expect(largestError(ck_tanh, in: -1e30...1e30) { tanh($0) } < 3e-7)
            #expect(largestError(Self.gelu, in: -12.5...1e30) { $0 / 2 * erfc(-$0 / 2.0.squareRoot()) } < 4e-7)
        }

        private func exactGELUTanh(_ x: Double) -> Double {
            x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }

        @Test func geluByTanhIsWithinItsBounds() {
            #expect(largestError(Self.geluTanh, in: -3...1e30, exactGELUTanh) < 1e-6)
            let x = Self.inputs.filter { $0 < -3 }
            for (x, found) in zip(x, apply(Self.geluTanh, x)) {
                #expect(abs(Double(found) - exactGELUTanh(Double(x))) < 2e-8)
            }
        }

        @Test func geluAndTanhEndInTheirLimits() {
            #expect(apply(ck_tanh, [-.infinity, -1e30, -20, 20, 1e30, .infinity, 0]) == [-1, -1, -1, 1, 1, 1, 0])
            #expect(apply(Self.gelu, [-.infinity, -1e30, -20, 20, 1e30, .infinity]) == [0, 0, 0, 20, 1e30, .infinity])
            #expect(apply(Self.geluTanh, [-1e30, -20, 20, 1e30]) == [0, 0, 20, 1e30])
        }

        @Test func expEndsInZeroAndInfinity() {
            let x: [Float] = [-.infinity, -1e30, -104, -103, 88.7, 88.8, 1e30, .infinity, 0, -0]
            let found = apply(ck_exp, x)
            #expect(found[0...2].allSatisfy { $0 == 0 && $0.sign == .plus })
            #expect(found[3] == Float.leastNonzeroMagnitude)
            #expect(found[4].isFinite)
            #expect(found[5...7].allSatisfy { $0 == .infinity })
            #expect(found[8...9].allSatisfy { $0 == 1 })
        }

        @Test func subnormalsAreWithinOneStep() {
            let x = Array(stride(from: Float(-103.9), to: -87.4, by: 0.01))
            for (x, found) in zip(x, apply(ck_exp, x)) {
                #expect(abs(Double(found) - exp(Double(x))) <= Double(Float.leastNonzeroMagnitude))
            }
        }

        @Test func notANumberStaysOne() {
            for isa in availableSets() {
                on(isa) {
                    for kernel in Self.kernels { #expect(apply(kernel, [.nan])[0].isNaN) }
                }
            }
        }
    }
}
