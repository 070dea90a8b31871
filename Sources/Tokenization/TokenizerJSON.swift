import Foundation

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
    package static func read(
        _ bytes: [UInt8], source: String, roles: RoleNames = RoleNames()
    ) throws -> any Tokenizer {
        let parsed: Any
        do {
            parsed = try JSONSerialization.jsonObject(with: Data(bytes))
        } catch {
            throw TokenizationError(
                .damaged, "\(source) is not valid JSON. Download or copy the file again.", cause: error)
        }
        guard let root = parsed as? [String: Any], let model = root["model"] as? [String: Any] else {
            throw TokenizationError(
                .damaged, "\(source) has no \"model\"; it is no tokenizer.json. Name the right file.")
        }
        try checkSurroundings(root, source)
        let preTokenizer = PreTokenizer(rules: try splitters(root["pre_tokenizer"], source))
        return try bytePair(root, model, preTokenizer, source, roles)
    }

    // MARK: - Parts around the model

    private static func checkSurroundings(_ root: [String: Any], _ source: String) throws {
        if let normalizer = part(root["normalizer"]) {
            throw unsupported("the normalizer \(kind(normalizer))", "none", source)
        }
        guard let decoder = part(root["decoder"]), kind(decoder) == "ByteLevel" else {
            let found = part(root["decoder"]).map { kind($0) } ?? "none"
            throw unsupported("the decoder \(found)", "ByteLevel", source)
        }
        for name in ["truncation", "padding"] {
            if part(root[name]) != nil { throw unsupported("\(name) of its output", "none", source) }
        }
    }

    private static func splitters(_ value: Any?, _ source: String) throws -> [any Splitter] {
        guard let part = part(value) else { throw unsupported("no pre-tokenizer", "ByteLevel", source) }
        let parts = kind(part) == "Sequence" ? part["pretokenizers"] as? [[String: Any]] ?? [] : [part]
        var rules: [any Splitter] = []
        var isByteLevel = false
        for part in parts {
            // What comes after the bytes have become characters of the alphabet would see those.
            if isByteLevel { throw unsupported("the pre-tokenizer \(kind(part)) after ByteLevel", "none", source) }
            switch kind(part) {
            case "Digits":
                guard part["individual_digits"] as? Bool == true else {
                    throw unsupported("the pre-tokenizer Digits for whole numbers", "single digits", source)
                }
                rules.append(SingleDigits())
            case "ByteLevel":
                if part["add_prefix_space"] as? Bool == true {
                    throw unsupported("the pre-tokenizer ByteLevel with a space put in front", "without", source)
                }
                if part["use_regex"] as? Bool != false { rules.append(GPT2Splitter()) }
                isByteLevel = true
            default:
                throw unsupported("the pre-tokenizer \(kind(part))", "Digits and ByteLevel", source)
            }
        }
        guard isByteLevel else { throw unsupported("no ByteLevel pre-tokenizer", "ByteLevel", source) }
        return rules
    }

    /// Returns what the post-processor puts in front of a text and after it, as token texts.
    private static func surrounding(_ value: Any?, _ source: String) throws -> (prefix: [String], suffix: [String]) {
        guard let part = part(value) else { return ([], []) }
        switch kind(part) {
        case "ByteLevel": return ([], [])
        case "Sequence":
            var all: (prefix: [String], suffix: [String]) = ([], [])
            for processor in part["processors"] as? [[String: Any]] ?? [] {
                let one = try surrounding(processor, source)
                all = (one.prefix + all.prefix, all.suffix + one.suffix)
            }
            return all
        case "TemplateProcessing":
            var names: (prefix: [String], suffix: [String]) = ([], [])
            var isAfterText = false
            for step in part["single"] as? [[String: Any]] ?? [] {
                if step["Sequence"] != nil {
                    isAfterText = true
                } else if let token = (step["SpecialToken"] as? [String: Any])?["id"] as? String {
                    if isAfterText { names.suffix.append(token) } else { names.prefix.append(token) }
                }
            }
            return names
        default:
            throw unsupported("the post-processor \(kind(part))", "ByteLevel and TemplateProcessing", source)
        }
    }

    // MARK: - The model

    private static func bytePair(
        _ root: [String: Any], _ model: [String: Any], _ preTokenizer: PreTokenizer, _ source: String,
        _ roleNames: RoleNames
    ) throws -> BytePairTokenizer {
        try checkModel(model, source)
        guard let words = model["vocab"] as? [String: Int] else {
            throw TokenizationError(.damaged, "The vocabulary of \(source) is no table of tokens and ids.")
        }
        let added = try addedTokens(root["added_tokens"], source)
        let count = 1 + max(words.values.max() ?? -1, added.map { $0.id }.max() ?? -1)
        let lowest = min(words.values.min() ?? 0, added.map { $0.id }.min() ?? 0)
        guard lowest >= 0, count <= 1 << 22 else {
            throw TokenizationError(
                .damaged,
                "The ids of \(source) go from \(lowest) to \(count - 1); they should go from 0 to less than 4194304."
                    + " The file is damaged.")
        }
        var tokens = [String](repeating: "", count: count)
        var kinds = [Vocabulary.Kind](repeating: .unused, count: count)
        for (word, id) in words {
            guard kinds[id] == .unused else {
                throw TokenizationError(
                    .damaged, "The id \(id) in \(source) belongs to \"\(tokens[id])\" and \"\(word)\".")
            }
            tokens[id] = word
            kinds[id] = .normal
        }
        for token in added {
            tokens[token.id] = token.content
            kinds[token.id] = token.isSpecial ? .control : .userDefined
        }
        let ids = Dictionary(added.map { ($0.content, Int32($0.id)) }) { first, _ in first }
        func id(_ name: String?) throws -> Int32? {
            guard let name else { return nil }
            if let id = ids[name] ?? words[name].map({ Int32($0) }) { return id }
            throw TokenizationError(
                .damaged, "\(source) gives a role to the token \"\(name)\", which is not in its vocabulary.")
        }
        let surrounding = try surrounding(root["post_processor"], source)
        return try BytePairTokenizer(
            source: source, tokens: tokens, kinds: kinds,
            roles: Vocabulary.Roles(
                bos: try id(roleNames.bos), eos: try id(roleNames.eos), unknown: try id(roleNames.unknown),
                padding: try id(roleNames.padding)),
            prefix: try surrounding.prefix.compactMap(id), suffix: try surrounding.suffix.compactMap(id),
            merges: try merges(model["merges"], source), preTokenizer: preTokenizer,
            takesWholeWords: model["ignore_merges"] as? Bool == true)
    }

    private static func checkModel(_ model: [String: Any], _ source: String) throws {
        // Files from before the library named its models have "vocab" and "merges" and no type.
        guard kind(model) == "BPE" || model["type"] == nil else {
            throw unsupported("the model \(kind(model))", "BPE", source)
        }
        if model["byte_fallback"] as? Bool == true { throw unsupported("byte fallback", "byte-level BPE", source) }
        if let dropout = model["dropout"] as? Double, dropout != 0 { throw unsupported("dropout", "none", source) }
        for name in ["continuing_subword_prefix", "end_of_word_suffix", "unk_token"] {
            if let text = model[name] as? String, !text.isEmpty {
                throw unsupported("\(name) \"\(text)\"", "none", source)
            }
        }
    }

    private static func merges(_ value: Any?, _ source: String) throws -> [(left: String, right: String)] {
        guard let list = value as? [Any] else {
            throw TokenizationError(.damaged, "\(source) has no list of merges. The file is damaged.")
        }
        return try list.enumerated().map { rank, entry in
            let pair = (entry as? String)?.split(separator: " ", maxSplits: 1).map(String.init) ?? entry as? [String]
            guard let pair, pair.count == 2 else {
                throw TokenizationError(.damaged, "Merge \(rank) in \(source) is no pair of tokens: \(entry).")
            }
            return (pair[0], pair[1])
        }
    }

    private struct AddedToken {
        let id: Int
        let content: String
        let isSpecial: Bool
    }

    private static func addedTokens(_ value: Any?, _ source: String) throws -> [AddedToken] {
        try (value as? [[String: Any]] ?? []).map { entry in
            guard let id = entry["id"] as? Int, let content = entry["content"] as? String, !content.isEmpty else {
                throw TokenizationError(.damaged, "An added token in \(source) has no id or no content: \(entry).")
            }
            for option in ["single_word", "lstrip", "rstrip"] where entry[option] as? Bool == true {
                throw unsupported("\(option) on the added token \"\(content)\"", "plain added tokens", source)
            }
            return AddedToken(id: id, content: content, isSpecial: entry["special"] as? Bool == true)
        }
    }

    // MARK: - Helpers

    /// Returns a part of the pipeline, or nil where it is absent or null.
    private static func part(_ value: Any?) -> [String: Any]? { value as? [String: Any] }

    private static func kind(_ part: [String: Any]) -> String { part["type"] as? String ?? "without a type" }

    private static func unsupported(_ found: String, _ known: String, _ source: String) -> TokenizationError {
        TokenizationError(
            .unsupported,
            "\(source) asks for \(found), which this program does not do (it does: \(known))."
                + " Use the model's GGUF file, or another model.")
    }
}
