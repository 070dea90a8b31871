import Chat
import Digests
import Engine
import Inference
import JSON
import Launch
import Screen
import Tokenization
import UI
import Weights

/// All that `hiss model info` says.
struct ModelReport {
    let path: String
    let info: ModelInfo

    /// What `hiss model info` says of the model at a path, or why it can't be read.
    static func text(at path: String) -> String {
        do {
            return try ModelReport(path: path, info: ModelInfo(path: path)).table
        } catch {
            return ChatFailure(error).description
        }
    }

    private var paths: [String] { ModelFiles.paths(of: info.file, at: path) }
    private var outline: ModelOutline? { try? info.outline.get() }
    private var tokenizer: (any Tokenizer)? { try? info.tokenizer.get() }

    /// Says why something can't be used, or nil where it can.
    private func reason<Success>(_ result: Result<Success, any Error>) -> String? {
        if case .failure(let error) = result { return "\(error)" }
        return nil
    }

    // MARK: - For people

    var table: String {
        let files = paths.count > 1 ? " (\(paths.count) files)" : ""
        var rows = [
            ("model", info.title), ("file", path + files),
            ("format", "\(info.file.format), \(ByteText.long(info.file.byteCount))"),
        ]
        if let outline {
            rows += [
                ("family", "\(outline.family), \(CountText.of(outline.layers.count, "layer")): \(outline.layerText)"),
                ("sizes", sizes(outline)), ("parameters", grouped(outline.parameterCount)),
            ]
        }
        rows.append(
            (
                "weights",
                info.types.map { "\($0.name) \(ByteText.long($0.bytes)) in \($0.tensors)" }.joined(separator: ", ")
            ))
        if let outline {
            rows.append(("context", outline.trainedContext.map { "\(grouped($0)) tokens in training" } ?? "not stated"))
        }
        rows += [("tokenizer", tokenizerText), ("template", templateText)]
        if let outline { rows += memoryRows(outline) }
        rows.append(("fingerprint", info.fingerprint.description))
        if let reason = reason(info.outline) { rows.append(("can't be run", reason)) }
        return rows.map { name, text in
            let blanks = String(repeating: " ", count: max(1, 14 - name.count))
            return "\(name)\(blanks)\(InertText.plain(text))\n"
        }.joined()
    }

    private func memoryRows(_ outline: ModelOutline) -> [(String, String)] {
        let growth =
            outline.stateBytesPerToken > 0
            ? " and \(ByteText.long(outline.stateBytesPerToken)) a token" : ", however long the chat"
        let baseline = info.attentionBaseline
        let precisions = Precision.allCases.compactMap { precision in
            info.estimatedMemory(precision).map { "\(ByteText.long($0)) \(precision.rawValue)" }
        }
        return [
            ("state", "\(ByteText.long(outline.stateBytes)) a session\(growth)"),
            ("attention", "\(ByteText.long(baseline.bytesPerToken)) a token (\(baseline.name))"),
            ("memory", "about \(precisions.joined(separator: ", "))"),
        ]
    }

    private func sizes(_ outline: ModelOutline) -> String {
        outline.sizes.map { name, values in
            guard let first = values.first, values.contains(where: { $0 != first }) else {
                return "\(name) \(values.first.map(String.init) ?? "none")"
            }
            return "\(name) \(Set(values).sorted().map(String.init).joined(separator: "/"))"
        }.joined(separator: ", ")
    }

    private var tokenizerText: String {
        guard let tokenizer else { return "none that can be used: \(reason(info.tokenizer) ?? "")" }
        let roles = [("BOS", tokenizer.bos), ("EOS", tokenizer.eos)].compactMap { name, id in
            id.map { "\(name) \(token($0))" }
        }
        let endings = tokenizer.endOfTurn.sorted().map { token($0) }
        return
            (["\(kind)", "\(grouped(tokenizer.vocabularySize)) tokens"] + roles
            + ["ends of turn " + (endings.isEmpty ? "none" : endings.joined(separator: " "))]).joined(separator: ", ")
    }

    /// The algorithm, and how text is cut into words where the file names it.
    private var kind: String {
        let metadata = info.file.metadata
        let kind = tokenizer?.kind ?? "none"
        return metadata.string("tokenizer.ggml.pre").map { "\(kind) (\($0))" } ?? kind
    }

    private func token(_ id: Int32) -> String { "\(tokenizer?.vocabulary.text(of: id) ?? "") (\(id))" }

    private var templateText: String {
        switch info.form {
        case .success(let form) where form.origin == .plain: "none: a base model, whose chats have a plain form"
        case .success(let form) where form.rewritesHistory:
            "yes; it renders earlier turns differently once a turn is added, and the state keeps them as they were"
        case .success: "yes"
        case .failure(let error): tokenizer == nil ? "not read without a tokenizer" : "broken: \(error)"
        }
    }

    private func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.map { index in
            (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digits[index])
        }.joined()
    }

    // MARK: - For programs

    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("title", info.title)
        json.field("path", path)
        json.field("files", paths)
        json.field("format", info.file.format)
        json.field("bytes", info.file.byteCount)
        json.field("fingerprint", info.fingerprint.description)
        json.field("runs", outline != nil)
        json.field("error", reason(info.outline))
        if let outline { write(outline, to: &json) }
        json.key("types")
        json.beginArray()
        for type in info.types {
            json.beginObject()
            json.field("type", type.name)
            json.field("tensors", type.tensors)
            json.field("bytes", type.bytes)
            json.endObject()
        }
        json.endArray()
        writeText(to: &json)
        json.endObject()
        json.newline()
        return json.drain()
    }

    private func write(_ outline: ModelOutline, to json: inout JSONWriter) {
        json.field("family", outline.family)
        json.field("parameters", outline.parameterCount)
        json.field("vocab_size", outline.vocabSize)
        json.field("layers", outline.layers.map { $0.rawValue })
        json.key("sizes")
        json.beginObject()
        for (name, values) in outline.sizes {
            if values.count == 1, let value = values.first { json.field(name, value) } else { json.field(name, values) }
        }
        json.endObject()
        json.field("context_length", outline.trainedContext)
        json.field("state_bytes", outline.stateBytes)
        json.field("state_bytes_per_token", outline.stateBytesPerToken)
        json.field("attention_bytes_per_token", info.attentionBaseline.bytesPerToken)
        json.key("memory_bytes")
        json.beginObject()
        for precision in Precision.allCases { json.field(precision.rawValue, info.estimatedMemory(precision)) }
        json.endObject()
    }

    private func writeText(to json: inout JSONWriter) {
        json.key("tokenizer")
        json.beginObject()
        json.field("kind", tokenizer?.kind)
        json.field("pre_tokenizer", info.file.metadata.string("tokenizer.ggml.pre"))
        json.field("vocab_size", tokenizer?.vocabularySize)
        json.field("bos", tokenizer?.bos)
        json.field("eos", tokenizer?.eos)
        json.field("end_of_turn", tokenizer?.endOfTurn.sorted())
        json.field("fingerprint", tokenizer.map { Fingerprints.tokenizer($0).description })
        json.field("error", reason(info.tokenizer))
        json.endObject()
        json.key("template")
        json.beginObject()
        json.field("status", templateStatus)
        json.field("rewrites_history", (try? info.form.get())?.rewritesHistory)
        json.field("error", tokenizer == nil ? nil : reason(info.form))
        json.endObject()
    }

    private var templateStatus: String {
        switch info.form {
        case .success(let form): form.origin == .plain ? "none" : "yes"
        case .failure: tokenizer == nil ? "unknown" : "broken"
        }
    }
}
