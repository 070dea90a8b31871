/// Llama and its relatives (SmolLM2, Mistral): pre-norm blocks of grouped-query attention with RoPE and a gated MLP.
///
/// Follows Hugging Face `transformers` `models/llama/modeling_llama.py` and `models/mistral`, whose layers see a window
/// where the checkpoint says so. GGUF permutes the rows of queries and keys so that RoPE rotates adjacent pairs; Hugging
/// Face's checkpoints have them as the reference does.
struct Llama: ResidualArchitecture {
    static let names = ["llama"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let shape = try Attention.Shape(
            loader, dModel: dModel, order: try read.keyOrder(default: .adjacentPairs))
        stack = try ResidualStack(
            denseTransformer: loader, dModel: dModel, shape: shape,
            normEpsilon: try read.float(.normEpsilon, default: 1e-5))
        trainedContext = try read.optionalInt(.trainedContext)
    }
}
