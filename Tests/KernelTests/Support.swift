import CKernels
import Testing

/// All tests of the C kernels, one after the other because they switch the instruction set of the process.
@Suite(.serialized)
enum Kernels {}

/// The instruction sets of this machine, the plain definition first.
func availableSets() -> [ck_isa] {
    [CK_ISA_SCALAR, CK_ISA_AVX2, CK_ISA_AVX512].filter { ck_isa_available($0) }
}

/// Runs `body` on `isa` and goes back to the set in use before.
func on<Result>(_ isa: ck_isa, _ body: () -> Result) -> Result {
    let before = ck_isa_current()
    #expect(ck_isa_force(isa))
    defer { ck_isa_force(before) }
    return body()
}

/// A pool that ends with the test.
final class Pool {
    /// The pool for C.
    let handle: OpaquePointer?

    /// Starts `workers` workers.
    init(workers: Int) { handle = ck_pool_create(Int32(workers)) }

    deinit { ck_pool_destroy(handle) }
}

/// Expects the same bits from every instruction set and 1, 2 and 3 workers as from plain C on the caller.
///
/// - Returns: those values
@discardableResult
func agree(
    sourceLocation: SourceLocation = #_sourceLocation, _ compute: (OpaquePointer?) -> [Float]
) -> [Float] {
    let expected = on(CK_ISA_SCALAR) { compute(nil) }
    for isa in availableSets() {
        for workers in 1...3 {
            let pool = Pool(workers: workers)
            let found = on(isa) { compute(pool.handle) }
            let place = firstDifference(found, expected)
            let name = String(cString: ck_isa_name(isa))
            #expect(place == nil, "\(name) with \(workers) workers", sourceLocation: sourceLocation)
        }
    }
    return expected
}

/// Where two arrays differ in a bit; any NaN equals any other.
func firstDifference(_ a: [Float], _ b: [Float]) -> Int? {
    guard a.count == b.count else { return min(a.count, b.count) }
    return a.indices.first { a[$0].bitPattern != b[$0].bitPattern && !(a[$0].isNaN && b[$0].isNaN) }
}

/// The largest difference, relative to the largest expected magnitude.
func relativeError(_ found: [Float], _ expected: [Float]) -> Float {
    let size = expected.map(abs).max() ?? 0
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    return found.count == expected.count && size > 0 ? error / size : .infinity
}

/// A repeatable source of numbers (SplitMix64).
struct Random {
    private var state: UInt64

    /// Starts from `seed`.
    init(_ seed: Int) { state = UInt64(seed) }

    /// The next 64 bits.
    mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A value in ±`scale`.
    mutating func float(_ scale: Float = 1) -> Float { (Float(bits() >> 40) / Float(1 << 23) - 1) * scale }

    /// `count` values in ±`scale`.
    mutating func floats(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in float(scale) } }
}

/// The element types by name, for arguments of tests.
enum ElementType: String, CaseIterable, Sendable {
    case f32 = "F32", f16 = "F16", bf16 = "BF16", q8 = "Q8_0", q4 = "Q4_0", q4m = "Q4_1", q5 = "Q5_0", q5m = "Q5_1"

    /// The constant for C.
    var c: ck_type {
        switch self {
        case .f32: CK_F32
        case .f16: CK_F16
        case .bf16: CK_BF16
        case .q8: CK_Q8_0
        case .q4: CK_Q4_0
        case .q4m: CK_Q4_1
        case .q5: CK_Q5_0
        case .q5m: CK_Q5_1
        }
    }

    /// Whether blocks of 32 share a scale.
    var isQuantized: Bool { ck_block_elements(c) == 32 }
}

/// A random matrix, row-major and packed.
final class TestMatrix {
    /// Its type and shape.
    let type: ElementType, rows: Int, columns: Int
    /// The rows as a file holds them.
    let blocks: [UInt8]
    private let packed: UnsafeMutableRawPointer

    /// Random quants of every value (or all bytes of them `quants`), with scales below 2.
    init(_ type: ElementType, rows: Int, columns: Int, seed: Int, quants: UInt8? = nil) {
        (self.type, self.rows, self.columns) = (type, rows, columns)
        blocks = Self.randomBlocks(type, count: rows * columns / ck_block_elements(type.c), seed: seed, quants: quants)
        packed = .allocate(byteCount: ck_packed_bytes(type.c, rows, columns), alignment: 64)
        ck_pack(nil, type.c, blocks, type.c, packed, rows, columns)
    }

    deinit { packed.deallocate() }

    /// What the kernels take.
    var c: ck_matrix { ck_matrix(data: packed, type: type.c, rows: rows, columns: columns) }

    /// The decoded values of a row.
    func row(_ row: Int) -> [Float] {
        let rowBytes = columns / ck_block_elements(type.c) * ck_block_bytes(type.c)
        var values = [Float](repeating: 0, count: columns)
        ck_dequantize(type.c, Array(blocks[row * rowBytes..<(row + 1) * rowBytes]), &values, columns)
        return values
    }

    private static func randomBlocks(_ type: ElementType, count: Int, seed: Int, quants: UInt8?) -> [UInt8] {
        var random = Random(seed)
        let blockBytes = ck_block_bytes(type.c)
        return (0..<count).flatMap { _ in
            if type == .f32 { return withUnsafeBytes(of: random.float()) { Array($0) } }
            var block = (0..<blockBytes).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
            // Clears the top bit of the exponent of every float: finite, and small.
            block[1] &= 0xbf
            let hasMinimum = type == .q4m || type == .q5m
            if hasMinimum { block[3] &= 0xbf }
            if let quants { for i in (hasMinimum ? 4 : 2)..<blockBytes { block[i] = quants } }
            return block
        }
    }
}
