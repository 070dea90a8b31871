import JSON
import Weights

/// Turns a Hugging Face checkpoint into the form that families read: metadata under GGUF's keys and tensors under GGUF's
/// names, so that an `Architecture` is written once.
///
/// A family's `translate` sets hyperparameters from ``config`` and gives every tensor its name. It has to look at every
/// value of the configuration that changes what is computed, and to refuse those that the family does not compute
/// (`config.check("hidden_act", isOneOf: ["silu"])`). Tensors that nobody took are an error, too.
///
/// In names of tensors `{n}` stands for each layer; what a layer doesn't have is left out, and missed by name when the
/// family asks for it. Nothing is copied or computed before a family takes it.
struct CheckpointTranslator {
    /// The checkpoint's `config.json`.
    let config: CheckpointConfig
    /// The `model_type` that the family was found by.
    let modelType: String
    /// What comes before the keys, and `general.architecture`; a family with more than one chooses before it sets any.
    var family: String
    private let file: WeightFile
    private var metadata: [(key: String, value: MetadataValue)] = []
    private var tensors: [Tensor] = []
    private var taken: Set<String> = []
    private var sourceNames: [String: String] = [:]
    /// Layers that the patterns stand for.
    private(set) var nLayers = 0

    init(_ file: WeightFile, config: CheckpointConfig, modelType: String, family: String) {
        self.file = file
        self.config = config
        self.modelType = modelType
        self.family = family
    }

    // MARK: - Hyperparameters

    /// Sets a hyperparameter; `source` is the name of what it comes from, for messages.
    mutating func set(_ key: Hyperparameter, _ value: MetadataValue, from source: String? = nil) {
        let name = "\(family).\(key.gguf)"
        metadata.removeAll { $0.key == name }
        metadata.append((name, value))
        if let source { sourceNames[name] = source }
    }

    /// Sets a size from the configuration and returns it; without a `fallback` it has to be there.
    ///
    /// The word `auto` counts as absent.
    @discardableResult
    mutating func setInt(_ key: Hyperparameter, from spellings: String..., default fallback: Int? = nil) throws -> Int {
        let limit = HyperparameterReader.limit(of: key)
        let isAutomatic = config.value(spellings)?.value.string == "auto"
        guard let value = try (isAutomatic ? nil : config.int(spellings, limit: limit)) ?? fallback else {
            throw config.missing(spellings)
        }
        set(key, .integer(Int64(value)), from: config.value(spellings)?.spelling)
        if key.gguf == Hyperparameter.nLayers.gguf { try setLayerCount(value, from: spellings.first ?? "") }
        return value
    }

    /// Says how many layers the patterns stand for.
    mutating func setLayerCount(_ count: Int, from source: String) throws {
        let limit = HyperparameterReader.limit(of: .nLayers)
        guard (1...limit).contains(count) else {
            throw config.wrong(source, expected: "a number of layers from 1 to \(limit)")
        }
        nLayers = count
    }

    /// Sets a number from the configuration and returns it; without a `fallback` it has to be there.
    @discardableResult
    mutating func setFloat(
        _ key: Hyperparameter, from spellings: String..., default fallback: Double? = nil
    ) throws -> Double {
        guard let value = try config.float(spellings) ?? fallback else { throw config.missing(spellings) }
        set(key, .double(value), from: config.value(spellings)?.spelling)
        return value
    }

    // MARK: - Tensors

    /// Whether the checkpoint has a tensor of that name.
    func has(_ name: String) -> Bool { file.hasTensor(name) }

    /// Takes a tensor out of the checkpoint, under its own name.
    mutating func take(_ name: String) throws -> Tensor {
        taken.insert(name)
        return try file.tensor(name)
    }

    /// Gives the family a tensor under its GGUF name.
    mutating func add(_ tensor: Tensor, as name: String) {
        tensors.append(tensor.renamed(name))
        sourceNames[name] = tensor.sourceName
    }

    /// Gives tensors other names and, where `body` is given, another form.
    mutating func rename(
        _ pattern: String, to target: String, _ body: (Tensor) throws -> Tensor = { $0 }
    ) throws {
        for layer in pattern.contains("{n}") ? 0..<nLayers : 0..<1 {
            let source = Self.name(pattern, layer)
            let name = Self.name(target, layer)
            if has(source) {
                add(try body(try take(source)), as: name)
            } else if sourceNames[name] == nil {
                sourceNames[name] = source  // for the message when the family misses it
            }
        }
    }

    /// Gives tensors other names: a table of patterns.
    mutating func rename(_ pairs: KeyValuePairs<String, String>) throws {
        for (pattern, target) in pairs { try rename(pattern, to: target) }
    }

    /// Gives the family a tensor of float32 values computed from all values of another, both in row-major order.
    ///
    /// - Parameters:
    ///   - shape: the result's shape from the source's, which is also the default
    ///   - transform: returns as many values as the result has
    mutating func derive(
        _ pattern: String, to target: String, shape: ([Int]) -> [Int] = { $0 },
        _ transform: @escaping @Sendable ([Float]) -> [Float]
    ) throws {
        try rename(pattern, to: target) { tensor in
            let type = try Kernels.WeightType(tensor)
            return Tensor(
                name: target, shape: shape(tensor.shape), sourceName: tensor.sourceName, fileName: tensor.fileName
            ) {
                transform(Kernels.dequantize(tensor, type: type))
            }
        }
    }

    /// Gives the family a vector that follows from the configuration; `source` is the name of what it comes from.
    mutating func add(_ values: [Float], as name: String, from source: String) {
        add(
            Tensor(name: name, shape: [values.count], sourceName: source, fileName: config.name) { values }, as: name)
    }

    /// Gives the family consecutive rows of a matrix as matrices of their own: `rows` of them each.
    mutating func split(_ pattern: String, into parts: [(target: String, rows: Int)]) throws {
        for layer in pattern.contains("{n}") ? 0..<nLayers : 0..<1 {
            let source = Self.name(pattern, layer)
            for part in parts { sourceNames[Self.name(part.target, layer)] = source }
            guard has(source) else { continue }
            let tensor = try take(source)
            let expected = parts.reduce(0) { $0 + $1.rows }
            guard tensor.shape.first == expected else {
                throw EngineError(
                    .wrongShape,
                    "\(source) in \(file.name) is \(tensor.shape); \(config.name) needs \(expected) rows."
                        + " The checkpoint is damaged or its files don't belong together.")
            }
            var start = 0
            for part in parts {
                add(try tensor.rows(start..<start + part.rows), as: Self.name(part.target, layer))
                start += part.rows
            }
        }
    }

    /// Gives the family the matrices of experts as one tensor `[experts, …]`; `{e}` stands for each expert.
    mutating func stack(_ pattern: String, to target: String, experts: Int) throws {
        guard experts <= file.tensors.count else {
            throw EngineError(
                .badValue,
                "\(config.name) asks for \(experts) experts a layer, but \(file.name) has only \(file.tensors.count) tensors."
                    + " The checkpoint is damaged or incomplete.")
        }
        for layer in 0..<nLayers {
            let sources = (0..<experts).map { expert in
                Self.name(pattern, layer).replacing("{e}", with: String(expert))
            }
            guard let first = sources.first else { return }
            let name = Self.name(target, layer)
            sourceNames[name] = first
            guard has(first) else { continue }
            add(try Tensor.stacked(sources.map { try take($0) }, name: name), as: name)
        }
    }

    /// Leaves out tensors that hold nothing to compute with: masks and tables of positions.
    mutating func drop(_ patterns: String...) {
        for pattern in patterns {
            for layer in pattern.contains("{n}") ? 0..<nLayers : 0..<1 { taken.insert(Self.name(pattern, layer)) }
        }
    }

    /// Leaves out all tensors whose names begin so.
    mutating func drop(prefix: String) {
        for tensor in file.tensors where tensor.name.hasPrefix(prefix) { taken.insert(tensor.name) }
    }

    /// A tensor that the family was given under that name.
    func translated(_ name: String) -> Tensor? { tensors.last { $0.name == name } }

    /// Gives the family another tensor instead of the one that it was given under that name.
    mutating func replace(_ tensor: Tensor, as name: String) {
        tensors.removeAll { $0.name == name }
        add(tensor, as: name)
    }

    private static func name(_ pattern: String, _ layer: Int) -> String {
        pattern.replacing("{n}", with: String(layer))
    }

    // MARK: - The result

    /// Returns the checkpoint as the family reads it; tensors that nobody took are an error.
    func finished() throws -> WeightFile {
        let left = file.tensors.map { $0.name }.filter { !taken.contains($0) }
        guard left.isEmpty else {
            throw EngineError(
                .unsupported,
                "\(file.name) has \(left.count) tensors that a \(modelType) model as we know it does not use, such as "
                    + "\(left.prefix(3).joined(separator: ", ")). This variant can't be run.")
        }
        let named = [("general.architecture", MetadataValue.string(family))]
        return WeightFile(
            name: file.name, metadata: Metadata(named + metadata.map { ($0.key, $0.value) }, fileName: file.name),
            tensors: tensors, byteCount: file.byteCount, checkpoint: file.checkpoint, sourceNames: sourceNames)
    }
}
