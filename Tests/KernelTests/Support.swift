import CKernels
import Testing

/// All tests of the C kernels, one after the other because they switch the instruction set of the process.
@Suite(.serialized)
enum Kernels {}

/// The instruction sets of this machine, the plain definition first.
func availableSets() -> [ck_isa] {
    [CK_ISA_SCALAR, CK_ISA_AVX2, CK_ISA_AVX512, CK_ISA_NEON].filter { ck_isa_available($0) }
}

/// Runs `body` on `isa` and goes back to the set in use before.
func on<Result>(_ isa: ck_isa, _ body: () -> Result) -> Result {
    let before = ck_isa_current()
    #expect(ck_isa_force(isa))
    defer { ck_isa_force(before) }
    return body()
}

/// A pool that ends with the test.
///
/// `@unchecked Sendable`: any thread may call the C pool.
final class Pool: @unchecked Sendable {
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

/// The element types by the names of their goldens.
enum ElementType: String, CaseIterable, Sendable {
    case f32 = "F32", f16 = "F16", bf16 = "BF16", q8 = "Q8_0", q4 = "Q4_0", q4m = "Q4_1", q5 = "Q5_0", q5m = "Q5_1"
    case iq4nl = "IQ4_NL", mxfp4 = "MXFP4", nvfp4 = "NVFP4"
    case q2k = "Q2_K", q3k = "Q3_K", q4k = "Q4_K", q5k = "Q5_K", q6k = "Q6_K", iq4xs = "IQ4_XS"
    case tq1 = "TQ1_0", tq2 = "TQ2_0", iq1s = "IQ1_S", iq1m = "IQ1_M"
    case iq2xxs = "IQ2_XXS", iq2xs = "IQ2_XS", iq2s = "IQ2_S", iq3xxs = "IQ3_XXS", iq3s = "IQ3_S"

    /// The constant for C.
    var c: ck_type { layout.c }

    /// What matrices are packed as.
    var packed: ck_type { ck_packed_type(c) }

    /// Whether products take activations in 8 bits.
    var isQuantized: Bool { ck_block_elements(packed) > 1 }

    /// The number of columns, near `columns`, that a matrix can have.
    func columns(near columns: Int) -> Int {
        let block = ck_block_elements(c)
        return max(columns / block, 1) * block
    }

    /// Whether weights have a minimum beside their scale.
    var hasMinima: Bool { layout.scales.count > 1 }

    /// Where a block has its f16 scales; IQ1_M spreads its one over four words, and FP4 types have none.
    var scales: [Int] { layout.scales }

    private var layout: (c: ck_type, scales: [Int]) {
        switch self {
        case .f32: (CK_F32, [])
        case .f16: (CK_F16, [0])
        case .bf16: (CK_BF16, [0])
        case .q8: (CK_Q8_0, [0])
        case .q4: (CK_Q4_0, [0])
        case .q4m: (CK_Q4_1, [0, 2])
        case .q5: (CK_Q5_0, [0])
        case .q5m: (CK_Q5_1, [0, 2])
        case .iq4nl: (CK_IQ4_NL, [0])
        case .mxfp4: (CK_MXFP4, [])
        case .nvfp4: (CK_NVFP4, [])
        case .q2k: (CK_Q2_K, [80, 82])
        case .q3k: (CK_Q3_K, [108])
        case .q4k: (CK_Q4_K, [0, 2])
        case .q5k: (CK_Q5_K, [0, 2])
        case .q6k: (CK_Q6_K, [208])
        case .iq4xs: (CK_IQ4_XS, [0])
        case .tq1: (CK_TQ1_0, [52])
        case .tq2: (CK_TQ2_0, [64])
        case .iq1s: (CK_IQ1_S, [0])
        case .iq1m: (CK_IQ1_M, [])
        case .iq2xxs: (CK_IQ2_XXS, [0])
        case .iq2xs: (CK_IQ2_XS, [0])
        case .iq2s: (CK_IQ2_S, [0])
        case .iq3xxs: (CK_IQ3_XXS, [0])
        case .iq3s: (CK_IQ3_S, [0])
        }
    }
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
        packed = .allocate(byteCount: ck_packed_bytes(type.packed, rows, columns), alignment: 64)
        ck_pack(nil, type.c, blocks, type.packed, packed, rows, columns)
    }

    deinit { packed.deallocate() }

    /// What the kernels take.
    var c: ck_matrix { ck_matrix(data: packed, type: type.packed, rows: rows, columns: columns) }

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
            if let quants { for i in block.indices { block[i] = quants } }
            // Clears the top bit of the exponent of every float: finite, and below 2.
            for scale in type.scales {
                if quants != nil { (block[scale], block[scale + 1]) = (0x12, 0xb4) }  // about −1/4
                block[scale + 1] &= 0xbf
            }
            if type == .mxfp4 { block[0] = 100 + block[0] % 30 }
            if type == .nvfp4 { for i in 0..<4 { block[i] %= 0x48 } }
            if type == .iq1m { block[55] &= 0xbf }
            return block
        }
    }
}
