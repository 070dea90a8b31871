import ArgumentParser

/// Which model, and which configuration file.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The model's file or name, or a checkpoint's directory.", valueName: "path|name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Take the tokenizer of this tokenizer.json, directory or GGUF file.", valueName: "path"))
    var tokenizer: String?

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?
}

/// How the model is computed.
struct ComputeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("Threads to compute with (default: one a processor).", valueName: "n"))
    var threads: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "'fast', or 'exact' for float32 throughout (default: fast).", valueName: "exact|fast"))
    var precision: String?
}
