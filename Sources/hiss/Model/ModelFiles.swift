import FoundationEssentials
import Weights

/// The files that a model is made of.
enum ModelFiles {
    /// What a Hugging Face checkpoint has beside its weights.
    private static let besideWeights = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "chat_template.jinja", "chat_template.json", "model.safetensors.index.json", "pytorch_model.bin.index.json",
    ]

    /// Returns the paths of the files that were opened at `path`, each once: weights first.
    static func paths(of file: WeightFile, at path: String) -> [String] {
        var isDirectory = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        var paths = isDirectory ? [] : [path]
        for tensor in file.tensors { paths += tensor.paths.filter { !paths.contains($0) } }
        guard file.checkpoint != nil else { return paths }
        let directory = isDirectory ? path : parent(of: path)
        let others = besideWeights.map { "\(directory)/\($0)" }
        return paths + others.filter { !paths.contains($0) && FileManager.default.fileExists(atPath: $0) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
