/// Qwen2 and Qwen2.5, dense: Llama's blocks with biases on queries, keys and values.
///
/// Follows Hugging Face `transformers` `models/qwen2/modeling_qwen2.py`. A tied head is left out of the file.
struct Qwen2: ResidualArchitecture {
    static let names = ["qwen2"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        stack = try ResidualStack(
            denseTransformer: loader, dModel: dModel, shape: .init(loader, dModel: dModel, order: .halves),
            normEpsilon: try read.float(.normEpsilon, default: 1e-6))
        trainedContext = try read.optionalInt(.trainedContext)
    }
}
