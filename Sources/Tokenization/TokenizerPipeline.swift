import JSON

/// What `tokenizer.json` has around its model: how text is prepared, and how tokens become text.
struct TokenizerPipeline {
    /// Whether words are made of bytes, not of characters.
    private(set) var isByteLevel = false
    private(set) var normalizer = TextNormalizer()
    /// What puts spaces between pieces after that.
    private(set) var spacing = TextNormalizer()
    /// How text is cut into words.
    private(set) var rules: [any Splitter] = []
    private(set) var decoding = Vocabulary.Decoding()
    /// What is put in front of a text, as token texts.
    private(set) var prefix: [String] = []
    /// What is put at the end of a text, as token texts.
    private(set) var suffix: [String] = []
    private let source: String

    private static let spaceMark = "▁"

    /// Reads the parts of a file; one that is not known is an error that names it.
    init(_ root: JSONValue, source: String) throws {
        self.source = source
        try readNormalizer(root["normalizer"])
        try readPreTokenizer(root["pre_tokenizer"])
        joinRules()
        try readDecoder(root["decoder"])
        (prefix, suffix) = try surrounding(root["post_processor"])
        for name in ["truncation", "padding"] {
            if root[name]?.isObject == true { throw unsupported("\(name) of its output", "none") }
        }
    }

    private func unsupported(_ found: String, _ known: String) -> TokenizationError {
        TokenizerJSON.unsupported(found, known, source)
    }

    private func kind(_ part: JSONValue) -> String { part["type"]?.string ?? "without a type" }

    private func isMark(_ value: JSONValue?) -> Bool {
        value?.string.map { $0.utf8.elementsEqual(TokenizerPipeline.spaceMark.utf8) } == true
    }

    // MARK: - Before the model

    private mutating func readNormalizer(_ value: JSONValue?) throws {
        guard let part = value, part.isObject else { return }
        switch kind(part) {
        case "Sequence": for part in part["normalizers"]?.array ?? [] { try readNormalizer(part) }
        case "Prepend" where isMark(part["prepend"]): normalizer.prefix = .always
        case "Replace" where part["pattern"]?["String"]?.string == " " && isMark(part["content"]):
            normalizer.marksSpaces = true
        case let name:
            guard let form = TextNormalizer.Form(rawValue: name) else {
                throw unsupported("the normalizer \(name)", "NFC, NFD, NFKC, NFKD and spaces as ▁")
            }
            normalizer.forms.append(form)
        }
    }

    private mutating func readPreTokenizer(_ value: JSONValue?) throws {
        guard let part = value, part.isObject else { return }
        switch kind(part) {
        case "Sequence": for part in part["pretokenizers"]?.array ?? [] { try readPreTokenizer(part) }
        case "ByteLevel": try readByteLevel(part)
        case "Metaspace": try readMetaspace(part)
        case "Digits":
            let longest = part["individual_digits"]?.bool == true ? 1 : Int.max
            let digits = CharacterRuns(classes: .number, longest: longest)
            rules.append(isByteLevel ? ByteNumbers(longest: longest) : digits)
        case "Punctuation":
            let behavior = part["behavior"]?.string ?? "Isolated"
            guard behavior == "Isolated" || behavior == "Contiguous", !isByteLevel else {
                throw unsupported(
                    "the pre-tokenizer Punctuation, \(behavior)", "Isolated and Contiguous before ByteLevel")
            }
            rules.append(
                CharacterRuns(
                    classes: .punctuation, ascii: CharacterRuns.asciiSymbols, longest: behavior == "Isolated" ? 1 : .max
                ))
        case "Split": try readSplit(part)
        case let name:
            throw unsupported("the pre-tokenizer \(name)", "ByteLevel, Metaspace, Digits, Punctuation and Split")
        }
    }

    private var marksSpaces: Bool { normalizer.marksSpaces || spacing.marksSpaces }

    private mutating func readByteLevel(_ part: JSONValue) throws {
        guard !isByteLevel, !marksSpaces else {
            throw unsupported("the pre-tokenizer ByteLevel after the like", "one of them")
        }
        if part["add_prefix_space"]?.bool == true {
            guard rules.isEmpty else {
                throw unsupported("the pre-tokenizer ByteLevel with a space in front of pieces", "of whole texts")
            }
            spacing.prefix = .unlessPresent
        }
        if part["use_regex"]?.bool != false { rules.append(GPT2Words()) }
        isByteLevel = true
    }

    private mutating func readMetaspace(_ part: JSONValue) throws {
        guard !isByteLevel, rules.isEmpty, spacing == TextNormalizer() else {
            throw unsupported("the pre-tokenizer Metaspace after the like", "one of them, first")
        }
        guard isMark(part["replacement"]) else {
            throw unsupported("the pre-tokenizer Metaspace with another mark", "▁")
        }
        spacing.marksSpaces = true
        spacing.prefix =
            switch try scheme(part) {
            case "always": .unlessPresent
            case "first": .firstUnlessPresent
            default: .never
            }
        if part["split"]?.bool != false {
            rules.append(LiteralSplitter(literal: [0x20], behavior: .mergedWithNext))
        }
    }

    /// Returns where a Metaspace puts spaces; files from before the schemes say so with a boolean.
    private func scheme(_ part: JSONValue) throws -> String {
        let scheme = part["prepend_scheme"]?.string ?? (part["add_prefix_space"]?.bool == false ? "never" : "always")
        guard ["always", "first", "never"].contains(scheme) else {
            throw unsupported("the scheme \"\(scheme)\" of Metaspace", "always, first and never")
        }
        return scheme
    }

    private mutating func readSplit(_ part: JSONValue) throws {
        let behavior = part["behavior"]?.string ?? "without a behavior"
        let isInverted = part["invert"]?.bool == true
        guard let pattern = part["pattern"]?["Regex"]?.string else {
            guard let literal = part["pattern"]?["String"]?.string, !literal.isEmpty, !isInverted, !isByteLevel,
                let behavior = LiteralSplitter.Behavior(rawValue: behavior)
            else { throw unsupported("the pre-tokenizer Split, \(behavior)", "Isolated and MergedWith… at a text") }
            // Spaces that have become marks are not found.
            if marksSpaces, literal.utf8.contains(0x20) { return }
            let spelled = marksSpaces ? TextNormalizer(marksSpaces: true).spelling(literal) : Array(literal.utf8)
            rules.append(LiteralSplitter(literal: spelled, behavior: behavior))
            return
        }
        guard let splitter = PreTokenizers.splitter(for: pattern) else {
            throw unsupported("the pre-tokenizer Split with the pattern \(pattern)", "those of well-known models")
        }
        let coversAll = splitter is GPT2Words || splitter is Cl100kWords
        guard (behavior == "Isolated" && !isInverted) || (behavior == "Removed" && isInverted && coversAll) else {
            throw unsupported("the pre-tokenizer Split, \(behavior)", "Isolated")
        }
        if isByteLevel, let runs = splitter as? CharacterRuns {
            rules.append(ByteNumbers(longest: runs.longest))
        } else if coversAll, isByteLevel || marksSpaces {
            throw unsupported("the pre-tokenizer Split with the pattern \(pattern) after spaces are marked", "before")
        } else {
            rules.append(splitter)
        }
    }

    /// Does in one rule what two usual ones do in a row.
    private mutating func joinRules() {
        for place in rules.indices.dropLast() {
            guard let digits = rules[place] as? CharacterRuns, digits.classes == .number, digits.longest == 1,
                digits.ascii.isEmpty, let words = rules[place + 1] as? GPT2Words, !words.singleNumbers
            else { continue }
            rules.replaceSubrange(place...place + 1, with: [GPT2Words(singleNumbers: true)])
            return
        }
    }

    // MARK: - After the model

    private mutating func readDecoder(_ value: JSONValue?) throws {
        guard let part = value, part.isObject else {
            throw unsupported("no decoder", "ByteLevel, Metaspace and Sequence")
        }
        let parts = kind(part) == "Sequence" ? part["decoders"]?.array ?? [] : [part]
        var isBytes = false
        for part in parts {
            switch kind(part) {
            case "ByteLevel": isBytes = true
            case "Metaspace" where isMark(part["replacement"]):
                decoding.dropsFirstSpace = try scheme(part) != "never"
            case "ByteFallback": decoding.checksByteTokens = true
            case "Fuse": break
            case "Replace" where isMark(part["pattern"]?["String"]) && part["content"]?.string == " ": break
            case "Strip" where part["content"]?.string == " " && part["start"]?.int == 1 && part["stop"]?.int ?? 0 == 0:
                decoding.dropsFirstSpace = true
            case let name:
                throw unsupported(
                    "the decoder \(name)", "ByteLevel, Metaspace, ByteFallback, Fuse, spaces for ▁, one Strip")
            }
        }
        guard isBytes == isByteLevel else {
            throw unsupported(
                "\(isByteLevel ? "a" : "no") ByteLevel pre-tokenizer with \(isBytes ? "a" : "no") ByteLevel decoder",
                "both or neither")
        }
    }

    /// Returns what the post-processor puts in front of a text and after it, as token texts.
    private func surrounding(_ value: JSONValue?) throws -> (prefix: [String], suffix: [String]) {
        guard let part = value, part.isObject else { return ([], []) }
        switch kind(part) {
        case "ByteLevel": return ([], [])
        case "Sequence":
            var all: (prefix: [String], suffix: [String]) = ([], [])
            for processor in part["processors"]?.array ?? [] {
                let one = try surrounding(processor)
                all = (one.prefix + all.prefix, all.suffix + one.suffix)
            }
            return all
        case "TemplateProcessing":
            var names: (prefix: [String], suffix: [String]) = ([], [])
            var isAfterText = false
            for step in part["single"]?.array ?? [] {
                if step["Sequence"] != nil {
                    isAfterText = true
                } else if let token = step["SpecialToken"]?["id"]?.string {
                    if isAfterText { names.suffix.append(token) } else { names.prefix.append(token) }
                }
            }
            return names
        default:
            throw unsupported("the post-processor \(kind(part))", "ByteLevel and TemplateProcessing")
        }
    }
}
