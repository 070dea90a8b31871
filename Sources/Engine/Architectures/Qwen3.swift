/// Qwen3, dense: Llama's blocks with an RMS norm of each query's and key's head before RoPE.
///
/// Follows Hugging Face `transformers` `models/qwen3/modeling_qwen3.py`. Heads may be wider than dModel / nHeads.
struct Qwen3: ResidualArchitecture {
    static let names = ["qwen3"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-6)
        var shape = try Attention.Shape(loader, dModel: dModel, order: .halves)
        shape.headNormEpsilon = normEpsilon
        stack = try ResidualStack(
            denseTransformer: loader, dModel: dModel, shape: shape, normEpsilon: normEpsilon)
        trainedContext = try read.optionalInt(.trainedContext)
    }
}
