package import Digests
package import Engine
import JSON
package import Tokenization
package import Weights

/// Short names of models and tokenizers: equal for equal ones, and made in milliseconds.
package enum Fingerprints {
    /// Bytes of each tensor that count.
    private static let tensorHead = 4096

    /// Returns the digest of a model's metadata or configuration, the names, types and shapes of its tensors, and the
    /// first 4 KiB of each.
    ///
    /// It does not tell weights apart that differ later on only; the whole file's SHA-256 does.
    package static func model(_ file: WeightFile) -> Digest {
        var writer = Writer()
        for key in file.metadata.keys {
            writer.text(key)
            if let value = file.metadata[key] { writer.value(value) }
        }
        if let config = file.checkpoint?.config { writer.json(config) }
        for tensor in file.tensors {
            writer.text(tensor.name)
            writer.number(tensor.type.rawValue)
            writer.number(tensor.shape.count)
            for size in tensor.shape { writer.number(size) }
            unsafe tensor.withBytes { bytes in
                unsafe writer.bytes(Array(bytes.prefix(tensorHead)))
            }
            // A look at each tensor of a large model would else leave as much in memory as the rest of the program.
            tensor.dropPages(ofFirst: min(tensorHead, tensor.byteCount))
        }
        return writer.finish()
    }

    /// Returns the digest of a model as it is computed: states of another precision or selection are others.
    package static func state(
        of file: WeightFile, precision: Precision, selection: Selection = .perToken
    ) -> Digest {
        var writer = Writer()
        writer.text(model(file).description)
        writer.text(precision.rawValue)
        if selection != .perToken { writer.text(selection.rawValue) }
        return writer.finish()
    }

    /// Returns the digest of a tokenizer's tokens, what each is for, and which have a role.
    package static func tokenizer(_ tokenizer: any Tokenizer) -> Digest {
        let vocabulary = tokenizer.vocabulary
        var writer = Writer()
        for (token, kind) in zip(vocabulary.tokens, vocabulary.kinds) {
            writer.text(token)
            writer.number(kind.rawValue)
        }
        let roles = vocabulary.roles
        for role in [roles.bos, roles.eos, roles.unknown, roles.padding] { writer.number(role ?? -1) }
        for ids in [vocabulary.prefix, vocabulary.suffix, vocabulary.endOfTurn.sorted()] {
            writer.number(ids.count)
            for id in ids { writer.number(id) }
        }
        return writer.finish()
    }

    /// Writes values so that different ones never look the same: each with its kind or its length in front.
    private struct Writer {
        private var hash = SHA256()
        private var pending: [UInt8] = []

        mutating func number(_ value: some FixedWidthInteger) {
            let bits = UInt64(truncatingIfNeeded: value)
            for shift in 0..<8 { pending.append(UInt8(truncatingIfNeeded: bits >> (shift * 8))) }
            flush(least: 1 << 16)
        }

        mutating func bytes(_ bytes: [UInt8]) {
            number(bytes.count)
            pending += bytes
            flush(least: 1 << 16)
        }

        mutating func text(_ text: String) { bytes(Array(text.utf8)) }

        mutating func value(_ value: MetadataValue) {
            text(value.kind)
            switch value {
            case .string(let value): text(value)
            case .integer(let value): number(value)
            case .unsigned(let value): number(value)
            case .double(let value): number(value.bitPattern)
            case .bool(let value): number(value ? 1 : 0)
            case .strings(let values): for value in values { text(value) }
            case .integers(let values): for value in values { number(value) }
            case .doubles(let values): for value in values { number(value.bitPattern) }
            case .bools(let values): for value in values { number(value ? 1 : 0) }
            case .array(let values): for value in values { self.value(value) }
            }
        }

        mutating func json(_ value: JSONValue) {
            switch value {
            case .null: text("null")
            case .bool(let value): text(value ? "true" : "false")
            case .int(let value):
                text("int")
                number(value)
            case .float(let value):
                text("float")
                number(value.bitPattern)
            case .string(let value):
                text("string")
                text(value)
            case .array(let items):
                text("array")
                number(items.count)
                for item in items { json(item) }
            case .object(let members):
                text("object")
                number(members.count)
                for (name, value) in members {
                    text(name)
                    json(value)
                }
            }
        }

        private mutating func flush(least: Int) {
            guard pending.count >= least else { return }
            hash.update(pending)
            pending.removeAll(keepingCapacity: true)
        }

        mutating func finish() -> Digest {
            flush(least: 1)
            return hash.finish()
        }
    }
}
