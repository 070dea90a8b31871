import Weights

/// The token embedding and the output head, which may be one matrix (tied).
struct Embedding: Sendable {
    private let embedding: Matrix
    private let head: Linear
    private let outputNorm: Norm
    /// Multiplies embeddings.
    private let scale: Float
    /// Multiplies logits.
    private let logitFactor: Float
    /// Logits are bent by tanh so that they stay below it; nil means that they are not.
    private let softCap: Float?

    var vocabSize: Int { embedding.rows }
    var dModel: Int { embedding.columns }

    /// Takes `token_embd` and, unless it is tied, `output`.
    init(
        _ loader: TensorLoader, dModel: Int, outputNorm: Norm, scale: Float = 1, logitFactor: Float = 1,
        softCap: Float? = nil
    ) throws {
        let vocabSize = try Self.vocabSize(loader, dModel: dModel)
        let tied = !loader.has("output.weight")
        embedding = try loader.matrix("token_embd.weight", rows: vocabSize, columns: dModel, readEveryToken: tied)
        var head =
            tied
            ? Linear(weight: embedding, bias: nil) : try loader.linear("output", rows: vocabSize, columns: dModel)
        head.operation = .head
        self.head = head
        self.outputNorm = outputNorm
        self.scale = scale
        self.logitFactor = logitFactor
        self.softCap = softCap
    }

    /// The embedding decides the vocabulary's size; a `vocab_size` that differs is damage.
    private static func vocabSize(_ loader: TensorLoader, dModel: Int) throws -> Int {
        let shape = try loader.file.tensor("token_embd.weight").shape
        guard shape.count == 2, shape[1] == dModel, shape[0] > 0 else {
            throw EngineError(
                .wrongShape,
                "token_embd.weight in \(loader.file.name) is \(shape); an embedding of width \(dModel) is needed.")
        }
        if let stated = try loader.hyperparameters.optionalInt(.vocabSize), stated != shape[0] {
            throw loader.hyperparameters.wrong(.vocabSize, expected: "\(shape[0]), the rows of token_embd.weight")
        }
        return shape[0]
    }

    /// Writes the embeddings of `tokens` to `workspace.hidden`.
    func embed(_ tokens: ArraySlice<Int32>, workspace: Workspace) {
        workspace.hidden.reserve(tokens.count * dModel)
        workspace.pool.observed(.embedding) {
            for (index, token) in tokens.enumerated() {
                Kernels.row(Int(token), of: embedding, into: &workspace.hidden, at: index * dModel)
            }
        }
        if scale != 1 {
            Kernels.scale(&workspace.hidden, by: scale, count: tokens.count * dModel, pool: workspace.pool)
        }
    }

    /// Norms rows of `workspace.hidden` and multiplies them by the head, into `workspace.logits`.
    func computeLogits(rows: Range<Int>, workspace: Workspace) {
        outputNorm.apply(
            workspace.hidden, from: rows.lowerBound, rows: rows.count, into: &workspace.normed, pool: workspace.pool)
        workspace.apply(head, to: workspace.normed, tokens: rows.count, output: &workspace.logits)
        if logitFactor != 1 {
            Kernels.scale(&workspace.logits, by: logitFactor, count: rows.count * vocabSize, pool: workspace.pool)
        }
        if let softCap {
            Kernels.softCap(&workspace.logits, cap: softCap, count: rows.count * vocabSize, pool: workspace.pool)
        }
    }
}
