package import Weights

/// A block of a stored state: a named array of numbers.
package struct StateBlock: Sendable, Equatable {
    /// What it is: `layers.3.ssm_state`.
    package let name: String
    package let type: ElementType
    /// `[outer, …, inner]`.
    package let shape: [Int]
    /// The elements, little-endian.
    package let bytes: [UInt8]

    package init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.shape = shape
        self.bytes = bytes
    }
}

/// A state taken apart for storage.
///
/// What has a fixed size is in `blocks`; keys and values that grow are in pages of 256 tokens, which never change once
/// they are full, so that a store writes each of them once.
package struct StoredState: Sendable {
    /// Tokens that were read.
    package var position: Int
    /// Buffers of recurrent layers, and keys and values of layers with a window.
    package var blocks: [StateBlock]
    /// Keys and values of all layers without a window, by page.
    package var pages: [StatePage]

    package init(position: Int, blocks: [StateBlock], pages: [StatePage]) {
        self.position = position
        self.blocks = blocks
        self.pages = pages
    }
}

/// The keys and values of 256 tokens of all layers without a window.
package struct StatePage: Sendable {
    /// The layers and their memory, which a page of a state in memory shares with it.
    private let content: [(layer: Int, page: KeyValuePage)]
    private let nKVHeads: [Int]
    private let half: Bool

    fileprivate init(content: [(layer: Int, page: KeyValuePage)], nKVHeads: [Int], half: Bool) {
        self.content = content
        self.nKVHeads = nKVHeads
        self.half = half
    }

    /// Whether two pages are one memory, so that what is known of one holds for the other.
    package func isSame(as other: StatePage) -> Bool {
        content.count == other.content.count && zip(content, other.content).allSatisfy { $0.page === $1.page }
    }

    /// The page's bytes, copied: a block of keys and one of values a layer.
    package var blocks: [StateBlock] {
        zip(content, nKVHeads).flatMap { entry, heads in
            entry.page.blocks(prefix: "layers.\(entry.layer)", heads: heads, half: half)
        }
    }
}

extension SequenceState {
    /// The state taken apart for storage; pages aren't copied before their blocks are asked for.
    package var stored: StoredState {
        var blocks: [StateBlock] = []
        var growing: [(layer: Int, cache: KeyValueCache)] = []
        for (index, layer) in layers.enumerated() {
            for buffer in layer.buffers {
                blocks.append(
                    StateBlock(
                        name: "layers.\(index).\(buffer.name.rawValue)", type: .f32, shape: buffer.shape,
                        bytes: buffer.values.littleEndianBytes))
            }
            guard let cache = layer.cache else { continue }
            if cache.window > 0 {
                for (number, page) in cache.pages.enumerated() {
                    blocks += page.blocks(
                        prefix: "layers.\(index).pages.\(cache.droppedPages + number)", heads: cache.nKVHeads,
                        half: cache.half)
                }
            } else {
                growing.append((index, cache))
            }
        }
        let count = growing.map { $0.cache.pages.count }.max() ?? 0
        let pages = (0..<count).map { number in
            StatePage(
                content: growing.map { ($0.layer, $0.cache.pages[number]) },
                nKVHeads: growing.map { $0.cache.nKVHeads },
                half: growing.first?.cache.half ?? false)
        }
        return StoredState(position: position, blocks: blocks, pages: pages)
    }

    /// Puts a stored state together again; `self` is the state of a sequence that has read nothing on the same model.
    ///
    /// - Parameters:
    ///   - blocks: those of fixed size
    ///   - pages: the blocks of each page, in order
    /// - Throws: `EngineError` with code `.wrongShape` or `.missing`, which names the block, and leaves `self` as it was.
    package mutating func restore(position: Int, blocks: [StateBlock], pages: [[StateBlock]]) throws {
        guard position >= 0 else {
            throw EngineError(.badValue, "a stored state says that it has read \(position) tokens")
        }
        var restored = self
        var left = StateBlocks(blocks)
        var pageBlocks = pages.map { StateBlocks($0) }
        for index in restored.layers.indices {
            let prefix = "layers.\(index)"
            for (number, buffer) in restored.layers[index].buffers.enumerated() {
                let block = try left.take("\(prefix).\(buffer.name.rawValue)", type: .f32, shape: buffer.shape)
                restored.layers[index].buffers[number].values = [Float](littleEndian: block.bytes)
            }
            guard let cache = restored.layers[index].cache else { continue }
            let pageCount = (position + KeyValueCache.pageTokens - 1) / KeyValueCache.pageTokens
            var found: [KeyValuePage] = []
            if cache.window > 0 {
                for number in 0..<pageCount where left.has("\(prefix).pages.\(number).keys") {
                    found.append(try left.takePage("\(prefix).pages.\(number)", of: cache))
                }
            } else {
                guard pages.count == pageCount else {
                    throw EngineError(
                        .missing,
                        "a stored state of \(position) tokens has \(pages.count) pages of keys and values, and needs"
                            + " \(pageCount)")
                }
                for number in pageBlocks.indices {
                    found.append(try pageBlocks[number].takePage(prefix, of: cache))
                }
            }
            restored.layers[index].cache = try cache.holding(found, tokens: position)
        }
        try left.checkAllTaken()
        for blocks in pageBlocks { try blocks.checkAllTaken() }
        restored.position = position
        self = restored
    }
}

/// The blocks of a stored state that have not been taken yet.
private struct StateBlocks {
    private var byName: [String: StateBlock]

    init(_ blocks: [StateBlock]) {
        byName = Dictionary(blocks.map { ($0.name, $0) }) { first, _ in first }
    }

    func has(_ name: String) -> Bool { byName[name] != nil }

    mutating func take(_ name: String, type: ElementType, shape: [Int]) throws -> StateBlock {
        guard let block = byName.removeValue(forKey: name) else {
            throw EngineError(.missing, "a stored state has no \(name), which this model's state needs")
        }
        guard block.type == type, block.shape == shape,
            type.byteCount(ofElements: shape.reduce(1, *)) == block.bytes.count
        else {
            throw EngineError(
                .wrongShape,
                "\(name) of a stored state is \(block.type.name) \(block.shape), this model's state needs"
                    + " \(type.name) \(shape)")
        }
        return block
    }

    mutating func takePage(_ prefix: String, of cache: KeyValueCache) throws -> KeyValuePage {
        let type: ElementType = cache.half ? .f16 : .f32
        let tokens = KeyValueCache.pageTokens
        return KeyValuePage(
            keys: try take("\(prefix).keys", type: type, shape: [cache.nKVHeads, cache.headDim, tokens]).bytes,
            values: try take("\(prefix).values", type: type, shape: [cache.nKVHeads, tokens, cache.headDim]).bytes)
    }

    func checkAllTaken() throws {
        guard let name = byName.keys.min() else { return }
        throw EngineError(.unsupported, "a stored state has \(name), which this model's state does not have")
    }
}

extension KeyValuePage {
    fileprivate func blocks(prefix: String, heads: Int, half: Bool) -> [StateBlock] {
        let type: ElementType = half ? .f16 : .f32
        let tokens = KeyValueCache.pageTokens
        let headDim = byteCount / (half ? 2 : 4) / tokens / max(heads, 1)
        let bytes = copiedBytes
        return [
            StateBlock(name: "\(prefix).keys", type: type, shape: [heads, headDim, tokens], bytes: bytes.keys),
            StateBlock(name: "\(prefix).values", type: type, shape: [heads, tokens, headDim], bytes: bytes.values),
        ]
    }
}

extension [Float] {
    /// The elements' bytes; the machines that we run on are little-endian.
    package var littleEndianBytes: [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// Reads elements from bytes, of which there are a multiple of four.
    package init(littleEndian bytes: [UInt8]) {
        unsafe self.init(unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
            count = bytes.count / 4
            unsafe UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[..<(count * 4)])
        }
    }
}
