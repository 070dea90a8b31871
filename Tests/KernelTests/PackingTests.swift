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
            let columns = type.columns(near: 700)
            let matrix = TestMatrix(type, rows: rows, columns: columns, seed: rows)
            var c = matrix.c
            for row in 0..<rows {
                var found = [Float](repeating: .nan, count: columns)
                ck_matrix_row(&c, row, &found)
                #expect(firstDifference(found, matrix.row(row)) == nil)
            }
        }

        @Test(arguments: ElementType.allCases)
        func packingAsFloatsDecodes(_ type: ElementType) {
            let columns = type.columns(near: 640)
            let matrix = TestMatrix(type, rows: 37, columns: columns, seed: 3)
            for workers in 1...3 {
                let pool = Pool(workers: workers)
                var packed = [Float](repeating: .nan, count: ck_packed_bytes(CK_F32, 37, columns) / 4)
                ck_pack(pool.handle, type.c, matrix.blocks, CK_F32, &packed, 37, columns)
                let places = (0..<37).allSatisfy { row in
                    let values = matrix.row(row)
                    return (0..<columns).allSatisfy { packed[(row / 16 * columns + $0) * 16 + row % 16] == values[$0] }
                }
                #expect(places)
                let lastColumn = packed[((3 * columns - 1) * 16 + 37 % 16)...]
                #expect(lastColumn.allSatisfy { $0 == 0 }, "rows past the end are 0")
            }
        }

        @Test(arguments: ElementType.allCases)
        func packedBytesAreThoseOfTheFileOrLittleMore(_ type: ElementType) {
            let file = 32 * 512 / ck_block_elements(type.c) * ck_block_bytes(type.c)
            let packed = ck_packed_bytes(type.packed, 32, 512)
            if ck_block_elements(type.c) <= 32 && type != .mxfp4 {
                #expect(packed == file)
            } else if type.packed == type.c {
                #expect(packed > file && packed * 100 <= file * (type == .q2k ? 120 : 106))
            }
            #expect(ck_packed_bytes(type.packed, 17, 512) == packed)
        }

        @Test(
            arguments: ElementType.allCases.filter { !$0.scales.isEmpty && $0 != .bf16 },
            [UInt16(0x7c00), 0xfc00, 0x7e00, 0xfdff])
        func aScaleThatIsNotFiniteShows(_ type: ElementType, scale: UInt16) {
            let columns = type.columns(near: 32)
            for place in type.scales {
                var block = [UInt8](
                    repeating: 0xa7, count: ck_block_bytes(type.c) * columns / ck_block_elements(type.c))
                for other in type.scales { (block[other], block[other + 1]) = (0, 0) }
                (block[place], block[place + 1]) = (UInt8(scale & 0xff), UInt8(scale >> 8))
                var found = [Float](repeating: 0, count: columns), row = found
                ck_dequantize(type.c, block, &found, columns)
                #expect(found.contains { !$0.isFinite })
                let packed = UnsafeMutableRawPointer.allocate(
                    byteCount: ck_packed_bytes(type.packed, 1, columns), alignment: 64)
                defer { packed.deallocate() }
                ck_pack(nil, type.c, block, type.packed, packed, 1, columns)
                var c = ck_matrix(data: packed, type: type.packed, rows: 1, columns: columns)
                ck_matrix_row(&c, 0, &row)
                #expect(firstDifference(row, found) == nil)
            }
        }

        @Test func everyHalfSurvivesThePage() {
            let halves = (UInt16.min...UInt16.max).map { Float16(bitPattern: $0) }
            var attention = ck_attention(nHeads: 1, nKVHeads: 1, headDim: 256, scale: 1, window: 0, half: true)
            var keys = [UInt16](repeating: 0, count: 256 * 256), values = keys
            let floats = halves.map { Float($0) }
            ck_page_write(nil, &attention, &keys, &values, 0, floats, 256, floats, 256, 256)
            for (i, half) in halves.enumerated() where !half.isNaN { #expect(values[i] == half.bitPattern) }
        }

        @Test(arguments: [true, false])
        func pagesAreWrittenByAnyNumberOfThreads(half: Bool) {
            var random = Random(9)
            let (heads, headDim, tokens, first) = (3, 40, 200, 50), row = heads * headDim
            let k = random.floats(tokens * row, scale: 2), v = random.floats(tokens * row, scale: 2)
            agree { pool in
                var attention = ck_attention(
                    nHeads: heads, nKVHeads: heads, headDim: headDim, scale: 1, window: 0, half: half)
                var keys = [Float](repeating: 0, count: 256 * row), values = keys
                ck_page_write(pool, &attention, &keys, &values, first, k, row, v, row, tokens)
                return keys + values
            }
        }

        @Test func halvesRoundToNearestEven() {
            var random = Random(8)
            var floats = (0..<4096).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.bits())) }
            floats += (0..<4096).map { _ in random.float(1e-4) } + [65519, 65520, 65521, 1e-8, 2.98e-8, 2.9802322e-8]
            floats += [Float](repeating: 0, count: 256 * 256 - floats.count)
            var attention = ck_attention(nHeads: 1, nKVHeads: 1, headDim: 256, scale: 1, window: 0, half: true)
            var keys = [UInt16](repeating: 0, count: 256 * 256), values = keys
            ck_page_write(nil, &attention, &keys, &values, 0, floats, 256, floats, 256, 256)
            for (i, float) in floats.enumerated() {
                let expected = Float16(float)
                let same = expected.isNaN ? Float16(bitPattern: values[i]).isNaN : values[i] == expected.bitPattern
                #expect(same, "\(float)")
            }
        }
    }
}
