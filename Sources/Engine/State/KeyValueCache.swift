import CKernels

/// The order of the values inside a query or a key: which of them RoPE rotates together.
package enum KeyOrder: String, Sendable {
    /// As the reference has it: a rotated pair is half of what is rotated apart.
    case halves
    /// As GGUF's converter permutes Llama and Granite: a rotated pair is adjacent.
    case adjacentPairs = "adjacent"
}

/// Keys and values of one attention layer, in pages of 256 tokens.
///
/// Pages are shared between copies of a state until one of them writes: a checkpoint of a long conversation costs the
/// last page at most.
package struct KeyValueCache: Sendable, Equatable {
    package let nKVHeads: Int
    package let headDim: Int
    /// Whether elements are float16 instead of float32.
    package let half: Bool
    package let keyOrder: KeyOrder
    /// Tokens held.
    package private(set) var count = 0
    private(set) var pages: [KeyValuePage] = []

    static let pageTokens = CK_PAGE_TOKENS

    init(nKVHeads: Int, headDim: Int, half: Bool, keyOrder: KeyOrder) {
        self.nKVHeads = nKVHeads
        self.headDim = headDim
        self.half = half
        self.keyOrder = keyOrder
    }

    /// Bytes of one token's key and value.
    package var bytesPerToken: Int { 2 * nKVHeads * headDim * (half ? 2 : 4) }

    package var byteCount: Int { count * bytesPerToken }

    /// Adds keys and values `[tokens, nKVHeads · headDim]` after the last.
    mutating func append(keys: [Float], values: [Float], tokens: Int) {
        var done = 0
        while done < tokens {
            let slot = count % Self.pageTokens
            if slot == 0 { pages.append(KeyValuePage(byteCount: Self.pageTokens * bytesPerToken / 2)) }
            let last = pages.count - 1
            if !isKnownUniquelyReferenced(&pages[last]) { pages[last] = KeyValuePage(copying: pages[last]) }
            let piece = min(tokens - done, Self.pageTokens - slot)
            Kernels.write(
                keys: keys, values: values, firstRow: done, tokens: piece, to: pages[last], slot: slot, cache: self)
            count += piece
            done += piece
        }
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.nKVHeads == b.nKVHeads && a.headDim == b.headDim && a.half == b.half && a.keyOrder == b.keyOrder
            && a.count == b.count && zip(a.pages, b.pages).allSatisfy { $0 === $1 || $0.hasSameBytes(as: $1) }
    }
}

/// Memory for the keys and values of 256 tokens: keys `[nKVHeads, headDim, 256]`, values `[nKVHeads, 256, headDim]`.
///
/// `@unchecked Sendable`: only `KeyValueCache.append` writes, and only while it holds the one reference. Places of
/// tokens that have not come yet are zero, so that equal caches have equal bytes.
@safe
final class KeyValuePage: @unchecked Sendable {
    /// Bytes of the keys, and of the values.
    let byteCount: Int
    let keys: UnsafeMutableRawPointer
    let values: UnsafeMutableRawPointer

    init(byteCount: Int) {
        self.byteCount = byteCount
        unsafe keys = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe values = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe keys.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        unsafe values.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    convenience init(copying other: KeyValuePage) {
        self.init(byteCount: other.byteCount)
        unsafe keys.copyMemory(from: other.keys, byteCount: byteCount)
        unsafe values.copyMemory(from: other.values, byteCount: byteCount)
    }

    deinit {
        unsafe keys.deallocate()
        unsafe values.deallocate()
    }

    func hasSameBytes(as other: KeyValuePage) -> Bool {
        let mine = unsafe [
            UnsafeRawBufferPointer(start: keys, count: byteCount),
            UnsafeRawBufferPointer(start: values, count: byteCount),
        ]
        let theirs = unsafe [
            UnsafeRawBufferPointer(start: other.keys, count: byteCount),
            UnsafeRawBufferPointer(start: other.values, count: byteCount),
        ]
        return unsafe zip(mine, theirs).allSatisfy { unsafe $0.elementsEqual($1) }
    }
}
