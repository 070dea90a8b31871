/// Turns words into tokens, remembering short ones within a call.
struct WordEncoder {
    /// The tokens of all words.
    var ids: [Int32] = []
    private var merger = WordMerger()
    private var memory = WordMemory()

    /// Makes an encoder with room for so many tokens.
    init(capacity: Int) { ids.reserveCapacity(capacity) }

    /// Appends the tokens of one word.
    @inline(__always)
    mutating func encode(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ parts: BytePairTokenizer.Parts) {
        guard let word = WordMemory.Word(range, of: text) else { return encodeNew(range, of: text, parts) }
        if let tokens = memory.tokens(of: word) {
            if tokens.count == 1 { return ids.append(Int32(bitPattern: tokens.start)) }
            let start = Int(tokens.start)
            for place in start..<start + Int(tokens.count) { ids.append(ids[place]) }
            return
        }
        let start = ids.count
        encodeNew(range, of: text, parts)
        memory.remember(word, start..<ids.count, of: ids)
    }

    private mutating func encodeNew(
        _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ parts: BytePairTokenizer.Parts
    ) {
        if let whole = parts.wholeWords?.id(of: UnsafeBufferPointer(rebasing: text[range])) {
            ids.append(whole)
            return
        }
        merger.symbols.removeAll(keepingCapacity: true)
        switch parts.alphabet {
        case .bytes(let tokens):
            for place in range where tokens[Int(text[place])] >= 0 {
                merger.symbols.append(Symbol(id: tokens[Int(text[place])], start: place, end: place + 1))
            }
            merge(parts.merging, text)
        case .characters(let characters):
            addCharacters(range, of: text, characters, parts.merging)
            merge(parts.merging, text)
        }
        for symbol in merger.symbols {
            if symbol.id >= 0 {
                ids.append(symbol.id)
            } else if case .characters(let characters) = parts.alphabet {
                for place in symbol.start..<symbol.end {
                    let id = characters.bytes[Int(text[place])]
                    if id >= 0 { ids.append(id) }
                }
            }
        }
    }

    private mutating func merge(_ merging: BytePairTokenizer.Merging, _ text: UnsafeBufferPointer<UInt8>) {
        switch merging {
        case .ranked(let table): merger.merge(by: table, in: text)
        case .scored(let scores): merger.merge(by: scores, in: text)
        }
    }

    /// Starts a word of characters.
    ///
    /// Where merging goes by rank, what stands in for a character without token takes part as it is. Where it goes by
    /// what characters spell, such a character stays whole until all is merged.
    private mutating func addCharacters(
        _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ characters: BytePairTokenizer.Characters,
        _ merging: BytePairTokenizer.Merging
    ) {
        var place = range.lowerBound
        while place < range.upperBound {
            let end = min(place + ScalarText.length(text[place]), range.upperBound)
            if let id = characters.index.id(of: UnsafeBufferPointer(rebasing: text[place..<end])) {
                merger.symbols.append(Symbol(id: id, start: place, end: end))
            } else if text[place..<end].allSatisfy({ characters.bytes[Int($0)] >= 0 }) {
                if case .scored = merging {
                    merger.symbols.append(Symbol(id: -1, start: place, end: end))
                } else {
                    for byte in place..<end {
                        let id = characters.bytes[Int(text[byte])]
                        merger.symbols.append(Symbol(id: id, start: byte, end: byte + 1))
                    }
                }
            } else if let unknown = characters.unknown {
                if characters.joinsUnknown, let last = merger.symbols.last, last.id == unknown {
                    merger.symbols[merger.symbols.count - 1].end = end
                } else {
                    merger.symbols.append(Symbol(id: unknown, start: place, end: end))
                }
            }
            place = end
        }
    }
}
