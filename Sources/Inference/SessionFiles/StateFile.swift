package import Chat
import JSON
import Weights

/// A file with states, as its header describes it: an exported session, or one of a store's snapshots.
///
/// No model is needed, and no state is read.
package struct StateFile: Sendable {
    package enum Kind: String, Sendable {
        /// A `.hiss` file: turns, and the states of some of them.
        case session
        /// One state.
        case snapshot
    }

    /// A state in the file.
    package struct State: Sendable {
        /// Tokens that it has read.
        package let tokensSeen: Int
        /// Messages of its conversation.
        package let messages: Int
        /// Whether its last answer was cut off, so that it can go on.
        package let isCutOff: Bool
        package let layers: [Layer]
        /// Bytes of the layers' parts.
        package var byteCount: Int { layers.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.byteCount } } }
    }

    /// What is kept of a layer.
    package struct Layer: Sendable {
        package let index: Int
        package fileprivate(set) var parts: [Part] = []
    }

    /// A buffer of a layer, or its keys or values.
    package struct Part: Sendable {
        /// `conv_state`, `ssm_state`, `keys`, `values`.
        package let name: String
        /// As GGUF spells it: `F32`.
        package let type: String
        /// `[outer, …, inner]`; of keys and values one page's.
        package let shape: [Int]
        package fileprivate(set) var byteCount: Int
    }

    package let path: String
    package let kind: Kind
    /// The version of the format.
    package let format: String
    package let byteCount: Int
    /// The model and tokenizer that its states belong to.
    package let model: ModelIdentity
    /// The session's name, and where it says its model is; empty in a snapshot.
    package let sessionName: String
    package let modelSource: String
    /// A session's turns, without their places.
    package let turns: [PortableSession.Turn]
    /// The index of the turn where a session stands.
    package let current: Int
    /// By turn; a snapshot has one.
    package let states: [Int: State]

    /// Reads the header of the file at `path`.
    ///
    /// - Parameter page: returns the path of a page of keys and values, which a snapshot has in files of their own
    /// - Throws: `ChatFailure` that says what is wrong with it
    package init(_ path: String, page: (String) -> String) throws {
        let file = try Self.open(path)
        self.path = path
        byteCount = file.byteCount
        let formats = [SessionFile.format: Kind.session, SnapshotCoding.format: .snapshot]
        guard let format = file.metadata["format"] else {
            throw Self.failure(path, "it is a safetensors file of another kind", advice: "a .hiss file")
        }
        guard let kind = formats[format] else {
            let known = formats.keys.sorted().joined(separator: " and ")
            throw Self.failure(
                path, "its format is \(format.prefix(40)), this program reads \(known)",
                advice: "a newer version of hiss"
            )
        }
        (self.format, self.kind) = (format, kind)
        guard let digest = file.metadata["model"], let tokenizer = file.metadata["tokenizer"] else {
            throw Self.failure(path, "its header names no model or no tokenizer")
        }
        model = ModelIdentity(name: file.metadata["model_name"] ?? "", model: digest, tokenizer: tokenizer)
        switch kind {
        case .snapshot:
            let members = try SnapshotRecord.members.map { (name: $0, value: try Self.header($0, of: file, path)) }
            let record = try SnapshotRecord(.object(members)) { Self.failure(path, $0) }
            let pages = try record.pages.map { try Self.open(page($0)).tensors.map { (name: $0.name, tensor: $0) } }
            let parts = file.tensors.map { (name: $0.name, tensor: $0) } + pages.flatMap { $0 }
            (sessionName, modelSource, turns, current) = ("", "", [], 0)
            states = [0: State(record, parts)]
        case .session:
            let head = try Self.header("session", of: file, path)
            sessionName = head["name"]?.string ?? ""
            modelSource = head["source"]?.string ?? ""
            let entries = try Self.header("turns", of: file, path).array ?? []
            let records = try Self.header("snapshots", of: file, path).array ?? []
            guard let current = head["current"]?.int, entries.indices.contains(current) else {
                throw Self.failure(path, "its header has no session, or not all of it")
            }
            self.current = current
            turns = try entries.enumerated().map { index, entry in
                let turn = try PortableSession.Turn(entry) { Self.failure(path, "turn \(index): \($0)") }
                guard turn.parent.map({ (0..<index).contains($0) }) ?? (index == 0) else {
                    throw Self.failure(path, "turn \(index) comes after one that is not before it")
                }
                return turn
            }
            states = try Self.states(entries, records, file, path)
        }
    }

    /// The states of an exported session, by turn.
    private static func states(
        _ entries: [JSONValue], _ records: [JSONValue], _ file: SafetensorsFile, _ path: String
    ) throws -> [Int: State] {
        var owned: [Substring: [(name: String, tensor: Tensor)]] = [:]
        for tensor in file.tensors {
            let words = tensor.name.split(separator: ".", maxSplits: 2)
            guard words.count == 3 else { throw failure(path, "\(tensor.name) belongs to nothing") }
            owned[words[1], default: []].append((String(words[2]), tensor))
        }
        var states: [Int: State] = [:]
        for (index, entry) in entries.enumerated() {
            guard let number = entry["snapshot"]?.int else { continue }
            guard records.indices.contains(number) else { throw failure(path, "snapshot \(number) is missing") }
            let record = try SnapshotRecord(records[number]) { failure(path, "snapshot \(number): \($0)") }
            let pages = record.pages.flatMap { owned[$0[...]] ?? [] }
            states[index] = State(record, (owned["\(number)"] ?? []) + pages)
        }
        return states
    }

    private static func open(_ path: String) throws -> SafetensorsFile {
        do {
            return try SafetensorsFile(path)
        } catch {
            throw failure(path, error.description)
        }
    }

    private static func header(_ key: String, of file: SafetensorsFile, _ path: String) throws -> JSONValue {
        guard let text = file.metadata[key] else { throw failure(path, "its header has no \(key)") }
        do {
            return try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw failure(path, "\(key) in its header is no JSON: \(error)")
        }
    }

    private static func failure(_ path: String, _ why: String, advice: String? = nil) -> ChatFailure {
        ChatFailure(what: "can't read a state from '\(path)'", why: why, advice: advice)
    }
}

extension StateFile.State {
    /// A state of which these tensors are kept, pages one after the other.
    fileprivate init(_ record: SnapshotRecord, _ tensors: [(name: String, tensor: Tensor)]) {
        tokensSeen = record.position
        messages = record.history.count
        isCutOff = record.resumption.cutOff != nil
        var layers: [Int: StateFile.Layer] = [:]
        for (name, tensor) in tensors {
            // `layers.3.ssm_state`, `layers.3.keys`, or with a window `layers.3.pages.0.keys`.
            let words = name.split(separator: ".")
            guard words.count >= 3, words[0] == "layers", let index = Int(words[1]), let part = words.last else {
                continue
            }
            var layer = layers[index] ?? StateFile.Layer(index: index)
            if let known = layer.parts.firstIndex(where: { $0.name == part }) {
                layer.parts[known].byteCount += tensor.byteCount
            } else {
                layer.parts.append(
                    StateFile.Part(
                        name: String(part), type: tensor.type.name, shape: tensor.shape, byteCount: tensor.byteCount))
            }
            layers[index] = layer
        }
        self.layers = layers.values.sorted { $0.index < $1.index }
    }
}
