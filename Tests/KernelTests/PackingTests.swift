import CKernels
import Foundation
import Testing

extension Kernels {
    /// Decoding and packing: ggml's values to the bit, and no bit lost in a packed matrix.
    struct Packing {
        private func golden(_ name: String) throws -> Data {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
            return try Data(contentsOf: folder.appending(path: name))
        }

        @Test(arguments: ElementType.allCases.filter { $0 != .f32 })
        func dequantizeEqualsGgml(_ type: ElementType) throws {
            let blocks = [UInt8](try golden("\(type.rawValue).blocks.bin"))
            let expected = try golden("\(type.rawValue).expected.f32").withUnsafeBytes {
                [Float]($0.bindMemory(to: Float.self))
            }
            #expect(blocks.count == expected.count / ck_block_elements(type.c) * ck_block_bytes(type.c))
            var found = [Float](repeating: 0, count: expected.count)
            ck_dequantize(type.c, blocks, &found, found.count)
            #expect(firstDifference(found, expected) == nil)
        }

        @Test(arguments: ElementType.allCases, [1, 15, 16, 17, 50])
        func packedRowsDecodeLikeTheFile(_ type: ElementType, rows: Int) {
            let matrix = TestMatrix(type, rows: rows, columns: 96, seed: rows)
            var c = matrix.c
            for row in 0..<rows {
                var found = [Float](repeating: .nan, count: 96)
                ck_matrix_row(&c, row, &found)
                #expect(firstDifference(found, matrix.row(row)) == nil)
            }
        }

        @Test(arguments: ElementType.allCases)
        func packingAsFloatsDecodes(_ type: ElementType) {
            let matrix = TestMatrix(type, rows: 37, columns: 640, seed: 3)
            for workers in 1...3 {
                let pool = Pool(workers: workers)
                var packed = [Float](repeating: .nan, count: ck_packed_bytes(CK_F32, 37, 640) / 4)
                ck_pack(pool.handle, type.c, matrix.blocks, CK_F32, &packed, 37, 640)
                let places = (0..<37).allSatisfy { row in
                    let values = matrix.row(row)
                    return (0..<640).allSatisfy { packed[(row / 16 * 640 + $0) * 16 + row % 16] == values[$0] }
                }
                #expect(places)
                #expect((37 % 16..<16).allSatisfy { packed[(2 * 640 + 639) * 16 + $0] == 0 }, "rows past the end are 0")
            }
        }

        @Test(arguments: ElementType.allCases)
        func packedBytesAreThoseOfTheFile(_ type: ElementType) {
            let file = 32 * 64 / ck_block_elements(type.c) * ck_block_bytes(type.c)
            #expect(ck_packed_bytes(type.c, 32, 64) == file)
            #expect(ck_packed_bytes(type.c, 17, 64) == file)
        }

        @Test func everyHalfSurvivesThePage() {
            let halves = (UInt16.min...UInt16.max).map { Float16(bitPattern: $0) }
            var attention = ck_attention(nHeads: 1, nKVHeads: 1, headDim: 256, scale: 1, window: 0, half: true)
            var keys = [UInt16](repeating: 0, count: 256 * 256), values = keys
            let floats = halves.map { Float($0) }
            ck_page_write(&attention, &keys, &values, 0, floats, 256, floats, 256, 256)
            for (i, half) in halves.enumerated() where !half.isNaN { #expect(values[i] == half.bitPattern) }
        }

        @Test func halvesRoundToNearestEven() {
            var random = Random(8)
            var floats = (0..<4096).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.bits())) }
            floats += (0..<4096).map { _ in random.float(1e-4) } + [65519, 65520, 65521, 1e-8, 2.98e-8, 2.9802322e-8]
            floats += [Float](repeating: 0, count: 256 * 256 - floats.count)
            var attention = ck_attention(nHeads: 1, nKVHeads: 1, headDim: 256, scale: 1, window: 0, half: true)
            var keys = [UInt16](repeating: 0, count: 256 * 256), values = keys
            ck_page_write(&attention, &keys, &values, 0, floats, 256, floats, 256, 256)
            for (i, float) in floats.enumerated() {
                let expected = Float16(float)
                let same = expected.isNaN ? Float16(bitPattern: values[i]).isNaN : values[i] == expected.bitPattern
                #expect(same, "\(float)")
            }
        }
    }
}
