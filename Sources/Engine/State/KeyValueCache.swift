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
/// last page at most. A layer with a window drops pages that no later query sees.
package struct KeyValueCache: Sendable, Equatable {
    package let nKVHeads: Int
    package let headDim: Int
    /// Whether elements are float16 instead of float32.
    package let half: Bool
    package let keyOrder: KeyOrder
    /// How many of the last positions a query sees, its own among them; 0 means all.
    package let window: Int
    /// Tokens that were read.
    package private(set) var count = 0
    /// The pages from `droppedPages` on.
    private(set) var pages: [KeyValuePage] = []
    private(set) var droppedPages = 0

    package static let pageTokens = CK_PAGE_TOKENS

    init(nKVHeads: Int, headDim: Int, half: Bool, keyOrder: KeyOrder, window: Int) {
        self.nKVHeads = nKVHeads
        self.headDim = headDim
        self.half = half
        self.keyOrder = keyOrder
        self.window = window
    }

    /// Bytes of one token's key and value.
    package var bytesPerToken: Int { 2 * nKVHeads * headDim * (half ? 2 : 4) }

    /// The positions that the next token sees.
    package var visible: Range<Int> { (window == 0 ? 0 : max(0, count + 1 - window))..<count }

    /// The positions whose keys and values are in memory still: all that a window sees, and some before.
    var held: Range<Int> { (droppedPages * Self.pageTokens)..<count }

    /// The value of a token that is held, `[nKVHeads · headDim]`.
    package func storedValues(of token: Int) -> [Float] { Kernels.read(token: token, of: self).values }

    /// Bytes of the keys and values of `visible`.
    package var byteCount: Int { visible.count * bytesPerToken }

    /// Bytes by which one more token makes `byteCount` larger.
    var growth: Int { growth(by: 1) }

    /// Bytes by which `tokens` more make `byteCount` larger; the largest number if it has no place in one.
    func growth(by tokens: Int) -> Int {
        let more = window > 0 ? min(tokens, max(0, window - 1 - visible.count)) : tokens
        let (bytes, overflow) = more.multipliedReportingOverflow(by: bytesPerToken)
        return overflow ? .max : bytes
    }

    /// Bytes of memory that the pages take.
    package var pageByteCount: Int { pages.reduce(0) { $0 + 2 * $1.byteCount } }

    /// Adds keys and values `[tokens, nKVHeads · headDim]` after the last.
    mutating func append(keys: [Float], values: [Float], tokens: Int, pool: WorkerPool) {
        let unseen = visible.lowerBound / Self.pageTokens - droppedPages
        pages.removeFirst(unseen)
        droppedPages += unseen
        var done = 0
        while done < tokens {
            let slot = count % Self.pageTokens
            if slot == 0 { pages.append(KeyValuePage(byteCount: Self.pageTokens * bytesPerToken / 2)) }
            let last = pages.count - 1
            if !isKnownUniquelyReferenced(&pages[last]) { pages[last] = KeyValuePage(copying: pages[last]) }
            let piece = min(tokens - done, Self.pageTokens - slot)
            Kernels.write(
                keys: keys, values: values, firstRow: done, tokens: piece, to: pages[last], slot: slot, cache: self,
                pool: pool)
            count += piece
            done += piece
        }
    }

    /// Becomes equal to `other`: shares its full pages, which nobody writes any more, and copies the one that is begun.
    mutating func copyContents(of other: KeyValueCache) {
        var own = pages.popLast()
        if !isKnownUniquelyReferenced(&own) { own = nil }
        self = other
        guard count % Self.pageTokens != 0, let begun = other.pages.last else { return }
        if let own, own.byteCount == begun.byteCount {
            own.copyBytes(of: begun)
            pages[pages.count - 1] = own
        } else {
            pages[pages.count - 1] = KeyValuePage(copying: begun)
        }
    }

    /// Adds made-up keys and values for `tokens` tokens, a multiple of 256, to an empty cache: for measuring what depth
    /// costs.
    package mutating func fillWithMadeUpPages(tokens: Int, pool: WorkerPool) {
        precondition(count == 0 && tokens % Self.pageTokens == 0, "made-up pages are whole and come first")
        guard tokens > 0 else { return }
        var phase = 0
        let values = (0..<Self.pageTokens * nKVHeads * headDim).map { _ -> Float in
            phase = (phase &* 29 &+ 17) % 251
            return Float(phase) / 251 - 0.5
        }
        append(keys: values, values: values, tokens: Self.pageTokens, pool: pool)
        let model = pages[0]
        // Copies, as reading one page again and again would be faster than a real cache.
        while count < tokens {
            pages.append(KeyValuePage(copying: model))
            count += Self.pageTokens
        }
    }

    /// The cache of the same layer with the pages of `tokens` tokens, the last of them being the newest.
    func holding(_ pages: [KeyValuePage], tokens: Int) throws -> KeyValueCache {
        var cache = self
        let all = (tokens + Self.pageTokens - 1) / Self.pageTokens
        cache.count = tokens
        cache.pages = pages
        cache.droppedPages = all - pages.count
        guard cache.droppedPages >= 0, cache.droppedPages * Self.pageTokens <= cache.visible.lowerBound else {
            throw EngineError(
                .missing, "a stored state of \(tokens) tokens lacks pages of keys and values that the next token sees")
        }
        return cache
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.nKVHeads == b.nKVHeads && a.headDim == b.headDim && a.half == b.half && a.keyOrder == b.keyOrder
            && a.window == b.window && a.count == b.count && a.droppedPages == b.droppedPages
            && zip(a.pages, b.pages).allSatisfy { $0 === $1 || $0.hasSameBytes(as: $1) }
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
        copyBytes(of: other)
    }

    /// Takes over the bytes of a page of the same size.
    func copyBytes(of other: KeyValuePage) {
        precondition(byteCount == other.byteCount, "pages differ in size")
        unsafe keys.copyMemory(from: other.keys, byteCount: byteCount)
        unsafe values.copyMemory(from: other.values, byteCount: byteCount)
    }

    /// A page of stored keys and values, which have the same length.
    convenience init(keys: [UInt8], values: [UInt8]) {
        precondition(keys.count == values.count, "keys and values differ in size")
        self.init(byteCount: keys.count)
        unsafe UnsafeMutableRawBufferPointer(start: self.keys, count: byteCount).copyBytes(from: keys)
        unsafe UnsafeMutableRawBufferPointer(start: self.values, count: byteCount).copyBytes(from: values)
    }

    var copiedBytes: (keys: [UInt8], values: [UInt8]) {
        unsafe (
            Array(UnsafeRawBufferPointer(start: keys, count: byteCount)),
            Array(UnsafeRawBufferPointer(start: values, count: byteCount))
        )
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
