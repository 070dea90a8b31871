import JSON

/// Reads `tokenizer.json` as Hugging Face's tokenizers library writes it.
///
/// Every part that changes ids or text is recognised or refused by name; nothing is skipped silently.
/// Format: github.com/huggingface/tokenizers (`tokenizer.json` is its serialised pipeline).
package enum TokenizerJSON {
    /// Which tokens have a role, by their text; `tokenizer.json` itself does not say.
    package struct RoleNames: Sendable {
        package var bos: String?
        package var eos: String?
        package var unknown: String?
        package var padding: String?

        /// Makes names; what is not given is absent.
        package init(bos: String? = nil, eos: String? = nil, unknown: String? = nil, padding: String? = nil) {
            self.bos = bos
            self.eos = eos
            self.unknown = unknown
            self.padding = padding
        }
    }

    /// Makes the tokenizer that a file's bytes describe; `source` names the file in messages.
    ///
    /// - Parameter endings: ids that end an answer, for what ends a text where `roles` doesn't say
    package static func read(
        _ bytes: [UInt8], source: String, roles: RoleNames = RoleNames(), endings: [Int] = []
    ) throws -> any Tokenizer {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: bytes, dialect: .python)
        } catch {
            throw TokenizationError(
                .damaged, "\(source) is not valid JSON. Download or copy the file again.", cause: error)
        }
        guard let model = root["model"], model.isObject else {
            throw TokenizationError(
                .damaged, "\(source) has no \"model\"; it is no tokenizer.json. Name the right file.")
        }
        let pipeline = try TokenizerPipeline(root, source: source)
        try checkModel(model, source)
        let isByteLevel = pipeline.isByteLevel
        let hasByteTokens = model["byte_fallback"]?.bool == true
        if isByteLevel, hasByteTokens { throw unsupported("byte fallback in a byte-level pipeline", "without", source) }
        let added = try addedTokens(root["added_tokens"], source)
        var vocabulary = try vocabulary(model["vocab"], added, hasByteTokens: hasByteTokens, source)
        let merges = try merges(model["merges"], source)

        func id(_ name: String?) throws -> Int32? {
            guard let name else { return nil }
            if let token = added.first(where: { isSame($0.content, name) }) { return Int32(token.id) }
            if let id = vocabulary.tokens.firstIndex(where: { isSame($0, name) }) { return Int32(id) }
            throw TokenizationError(
                .damaged, "\(source) gives a role to the token \"\(name)\", which is not in its vocabulary.")
        }
        vocabulary.roles = Vocabulary.Roles(
            bos: try id(roles.bos), eos: try id(roles.eos), unknown: try id(roles.unknown),
            padding: try id(roles.padding))
        vocabulary.endings = endings.filter { vocabulary.tokens.indices.contains($0) }.map { Int32($0) }
        if vocabulary.roles.eos == nil { vocabulary.roles.eos = vocabulary.endings.first }
        vocabulary.prefix = try pipeline.prefix.compactMap(id)
        vocabulary.suffix = try pipeline.suffix.compactMap(id)
        let unknown = try id(model["unk_token"]?.string.flatMap { $0.isEmpty ? nil : $0 })
        let joinsUnknown = model["fuse_unk"]?.bool == true
        let takesWholeWords = model["ignore_merges"]?.bool == true
        let matchedWhenNormalized = Set(added.filter { $0.isNormalized && !$0.isSpecial }.map { Int32($0.id) })
        if isByteLevel {
            if unknown != nil, joinsUnknown {
                throw unsupported("fuse_unk in a byte-level pipeline", "without", source)
            }
            return try BytePairTokenizer(
                byteLevel: vocabulary, merges: merges, preTokenizer: PreTokenizer(rules: pipeline.rules),
                takesWholeWords: takesWholeWords, normalizer: pipeline.normalizer, spacing: pipeline.spacing,
                unknown: unknown, matchedWhenNormalized: matchedWhenNormalized)
        }
        return try BytePairTokenizer(
            sentencePiece: vocabulary, merges: .list(merges), normalizer: pipeline.normalizer,
            spacing: pipeline.spacing, rules: pipeline.rules,
            takesWholeWords: takesWholeWords, unknown: unknown, joinsUnknown: joinsUnknown,
            matchedWhenNormalized: matchedWhenNormalized, decoding: pipeline.decoding)
    }

    // MARK: - The model

    /// Some files leave ids out; a file that leaves out more is damaged, and would take memory out of proportion.
    private static let mostUnusedIDs = 1 << 16

    private static func checkModel(_ model: JSONValue, _ source: String) throws {
        // Files from before the library named its models have "vocab" and "merges" and no type.
        if let kind = model["type"]?.string, kind != "BPE" { throw unsupported("the model \(kind)", "BPE", source) }
        if let dropout = model["dropout"]?.double, dropout != 0 { throw unsupported("dropout", "none", source) }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = model[name]?.string, !text.isEmpty {
                throw unsupported("\(name) \"\(text)\"", "none", source)
            }
        }
    }

    private static func vocabulary(
        _ value: JSONValue?, _ added: [AddedToken], hasByteTokens: Bool, _ source: String
    ) throws -> VocabularyParts {
        guard let entries = value?.object else {
            throw TokenizationError(.damaged, "The vocabulary of \(source) is no table of tokens and ids.")
        }
        let words = try entries.map { entry in
            guard let id = entry.value.int else {
                throw TokenizationError(.damaged, "The id of \"\(entry.name)\" in \(source) is no whole number.")
            }
            return (token: entry.name, id: id)
        }
        let ids = words.map { $0.id } + added.map { $0.id }
        let (lowest, highest) = (ids.min() ?? 0, ids.max() ?? -1)
        guard lowest >= 0, highest < ids.count + mostUnusedIDs else {
            throw TokenizationError(
                .damaged,
                "The ids of \(source) go from \(lowest) to \(highest); with \(ids.count) tokens they should go from 0 to"
                    + " less than \(ids.count + mostUnusedIDs). The file is damaged.")
        }
        var tokens = [String](repeating: "", count: highest + 1)
        var kinds = [Vocabulary.Kind](repeating: .unused, count: highest + 1)
        for (word, id) in words {
            guard kinds[id] == .unused else {
                throw TokenizationError(
                    .damaged, "The id \(id) in \(source) belongs to \"\(tokens[id])\" and \"\(word)\".")
            }
            tokens[id] = word
            kinds[id] = hasByteTokens && BytePairTokenizer.byte(named: word) != nil ? .byte : .normal
        }
        for token in added {
            tokens[token.id] = token.content
            kinds[token.id] = token.isSpecial ? .control : .userDefined
        }
        return VocabularyParts(source: source, tokens: tokens, kinds: kinds)
    }

    private static func merges(_ value: JSONValue?, _ source: String) throws -> MergeList {
        guard let list = value?.array else {
            throw TokenizationError(.damaged, "\(source) has no list of merges. The file is damaged.")
        }
        let spaced = list.compactMap { $0.string }
        if spaced.count == list.count { return .spaced(spaced) }
        return .pairs(
            try list.enumerated().map { rank, entry in
                guard let pair = entry.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string
                else {
                    throw TokenizationError(.damaged, "Merge \(rank) in \(source) is no pair of tokens: \(entry).")
                }
                return (left, right)
            })
    }

    private struct AddedToken {
        let id: Int
        let content: String
        let isSpecial: Bool
        /// Whether it is matched after the text is normalised.
        let isNormalized: Bool
    }

    private static func addedTokens(_ value: JSONValue?, _ source: String) throws -> [AddedToken] {
        try (value?.array ?? []).map { entry in
            guard let id = entry["id"]?.int, let content = entry["content"]?.string, !content.isEmpty else {
                throw TokenizationError(.damaged, "An added token in \(source) has no id or no content: \(entry).")
            }
            for option in ["single_word", "lstrip", "rstrip"] where entry[option]?.bool == true {
                throw unsupported("\(option) on the added token \"\(content)\"", "plain added tokens", source)
            }
            return AddedToken(
                id: id, content: content, isSpecial: entry["special"]?.bool == true,
                isNormalized: entry["normalized"]?.bool == true)
        }
    }

    /// Swift calls canonically equal strings equal; tokens are not.
    private static func isSame(_ first: String, _ second: String) -> Bool { first.utf8.elementsEqual(second.utf8) }

    /// Returns the error for what this program does not do.
    static func unsupported(_ found: String, _ known: String, _ source: String) -> TokenizationError {
        TokenizationError(
            .unsupported,
            "\(source) asks for \(found), which this program does not do (it does: \(known))."
                + " Use the model's GGUF file, or another model.")
    }
}
