extension TokenizerDescription {
    /// Returns the kinds of the tokens, one for each.
    func kinds() throws -> [Vocabulary.Kind] {
        guard let tokenTypes else { return [Vocabulary.Kind](repeating: .normal, count: tokens.count) }
        guard tokenTypes.count == tokens.count else {
            throw TokenizationError(
                .damaged,
                "\(source) has \(tokens.count) tokens but types for \(tokenTypes.count). The file is damaged.")
        }
        return try tokenTypes.enumerated().map { id, type in
            if let kind = Vocabulary.Kind(rawValue: type) { return kind }
            throw TokenizationError(
                .damaged,
                "Token \(id) in \(source) is of type \(type); the types are 1 to 6. The file is damaged.")
        }
    }

    /// Returns the tokens with a role.
    func roles() throws -> Vocabulary.Roles {
        Vocabulary.Roles(
            bos: try role(bos, "beginning-of-text"), eos: try role(eos, "end-of-text"),
            unknown: try role(unknown, "unknown"), padding: try role(padding, "padding"))
    }

    /// Returns the tokens that end an answer beside the one with the role.
    func answerEndings() throws -> [Int32] { try endings.compactMap { try role($0, "end-of-turn") } }

    private func role(_ id: Int?, _ name: String) throws -> Int32? {
        guard let id else { return nil }
        guard id >= 0, id < tokens.count, let narrow = Int32(exactly: id) else {
            throw TokenizationError(
                .damaged,
                "The \(name) token of \(source) is \(id), but its vocabulary has \(tokens.count) tokens."
                    + " The file is damaged.")
        }
        return narrow
    }
}
