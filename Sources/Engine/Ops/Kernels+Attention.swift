import CKernels

extension Kernels {
    /// Sizes of an attention layer.
    struct AttentionShape: Sendable {
        var nHeads, nKVHeads, headDim: Int
        /// Multiplies q · k.
        var scale: Float
        /// How many of the last positions are seen, the query's own among them; 0 means all.
        var window: Int
        /// Whether keys and values are float16.
        var half: Bool

        fileprivate var description: ck_attention {
            ck_attention(
                nHeads: nHeads, nKVHeads: nKVHeads, headDim: headDim, scale: scale, window: window, half: half)
        }
    }

    /// Attention of `tokens` queries from position `start` on over `cache`, which holds their keys and values already.
    static func attend(
        _ shape: AttentionShape, queries: [Float], tokens: Int, start: Int, cache: KeyValueCache,
        into out: inout [Float],
        scratch: inout [Float], pool: WorkerPool
    ) {
        let width = shape.nHeads * shape.headDim
        precondition(queries.count >= tokens * width && out.count >= tokens * width, "query shape")
        precondition(cache.count == start + tokens && cache.half == shape.half, "cache does not hold the queries' keys")
        var description = shape.description
        scratch.reserve(unsafe ck_attention_scratch_floats(&description, tokens, start, Int32(pool.workers)))
        let (pages, dropped) = (cache.pages, cache.droppedPages)
        let count = dropped + pages.count
        unsafe withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: 2 * count) { pointers in
            unsafe pointers.initialize(repeating: nil)  // no query looks into pages that were dropped
            for (index, page) in pages.enumerated() {
                unsafe pointers[dropped + index] = UnsafeRawPointer(page.keys)
                unsafe pointers[count + dropped + index] = UnsafeRawPointer(page.values)
            }
            withExtendedLifetime(pages) {
                guard let keys = pointers.baseAddress else { return }
                pool.observed(.attention) {
                    unsafe ck_attention_run(
                        pool.handle, &description, queries, width, tokens, start, keys, keys + count, &out, width,
                        &scratch)
                }
            }
        }
    }

    /// Copies `tokens` rows of keys and values, from `firstRow` on, to `page` from `slot` on.
    static func write(
        keys: [Float], values: [Float], firstRow: Int, tokens: Int, to page: KeyValuePage, slot: Int,
        cache: KeyValueCache, pool: WorkerPool
    ) {
        let width = cache.nKVHeads * cache.headDim
        precondition(
            keys.count >= (firstRow + tokens) * width && values.count >= (firstRow + tokens) * width, "key shape")
        precondition(slot + tokens <= KeyValueCache.pageTokens, "page overflow")
        var description = ck_attention(
            nHeads: cache.nKVHeads, nKVHeads: cache.nKVHeads, headDim: cache.headDim, scale: 1, window: 0,
            half: cache.half)
        unsafe keys.withElements(from: firstRow * width) { keys in
            unsafe values.withElements(from: firstRow * width) { values in
                unsafe ck_page_write(
                    pool.handle, &description, page.keys, page.values, slot, keys, width, values, width, tokens)
            }
        }
    }

    /// The keys and values of one token that is held `[nKVHeads · headDim]` each, decoded to float32.
    static func read(token: Int, of cache: KeyValueCache) -> (keys: [Float], values: [Float]) {
        precondition(cache.held.contains(token), "no such token")
        let page = cache.pages[token / KeyValueCache.pageTokens - cache.droppedPages]
        let slot = token % KeyValueCache.pageTokens
        var keys: [Float] = []
        var values: [Float] = []
        for head in 0..<cache.nKVHeads {
            for dimension in 0..<cache.headDim {
                let keyIndex = (head * cache.headDim + dimension) * KeyValueCache.pageTokens + slot
                let valueIndex = (head * KeyValueCache.pageTokens + slot) * cache.headDim + dimension
                keys.append(unsafe element(keyIndex, of: page.keys, half: cache.half))
                values.append(unsafe element(valueIndex, of: page.values, half: cache.half))
            }
        }
        return (keys, values)
    }

    @unsafe
    private static func element(_ index: Int, of memory: UnsafeMutableRawPointer, half: Bool) -> Float {
        half
            ? Float(unsafe memory.load(fromByteOffset: index * 2, as: Float16.self))
            : unsafe memory.load(fromByteOffset: index * 4, as: Float.self)
    }
}
