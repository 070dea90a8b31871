import TestSupport
import Testing

/// What files say of a model is not trusted: sizes that are none, that overflow or that don't fit the tensors.
@Suite struct UntrustedHyperparametersTests {
    /// Values that some key can't have.
    private static let values: [GGUFBuilder.Value?] = [
        nil, .uint32(0), .uint32(1), .uint32(3), .uint32(24), .uint32(4096), .uint32(1 << 20), .uint32(.max),
        .int32(-1),
        .int64(.min), .int64(.max), .uint64(.max), .float32(.nan), .float32(0), .float64(-.infinity), .bool(true),
        .string(""), .string("7"), .array([]), .array([.int32(0)]), .array([.int32(-1), .int32(1)]),
        .array([.int64(.max), .int64(.max)]), .array([.float32(.nan)]), .array([.array([.int32(1)])]),
    ]

    @Test(arguments: TinyGGUF.Family.allCases.map { $0.rawValue })
    func anyValueOfAnyKeyIsRefusedOrRuns(name: String) async {
        await #expect(processExitsWith: .success) { [name] in
            try ProcessLimits.apply(megabytes: 128, seconds: 120)
            guard let family = TinyGGUF.Family(rawValue: name) else { throw DamageError(name) }
            let model = try DamagedModel("GGUF of \(name)")
            let good = TinyGGUF.model(family)
            for index in good.pairs.indices {
                for value in Self.values {
                    var builder = good
                    let (key, _) = builder.pairs.remove(at: index)
                    if let value { builder.add(key, value) }
                    try model.folder.replace("model.gguf", with: builder.build())
                    _ = try model.isRefused("\(key): \(value.map { "\($0)" } ?? "absent")")
                }
            }
        }
    }

    @Test func anyValueInAConfigurationIsRefusedOrRuns() async {
        await #expect(processExitsWith: .success) {
            try ProcessLimits.apply(megabytes: 128, seconds: 120)
            let model = try DamagedModel("checkpoint")
            let values = [
                "null", "0", "1", "-1", "3", "4096", "1048576", "2147483647", "4294967296", "9223372036854775807",
                "-9223372036854775808", "18446744073709551616", "1e300", "-0.5", "NaN", "Infinity", "true", "\"\"",
                "\"auto\"", "[]", "[8, 8]", "{}", "{\"__float__\": \"Infinity\"}",
            ]
            for index in TinyCheckpoint.settings.indices {
                for value in values {
                    var settings = TinyCheckpoint.settings
                    settings[index].value = value
                    try model.folder.replace("config.json", with: TinyCheckpoint.config(settings))
                    _ = try model.isRefused("\(settings[index].key): \(value)")
                }
            }
        }
    }

    @Test(
        arguments: [
            ("tokenizer.ggml.bos_token_id", .uint32(24)), ("tokenizer.ggml.eos_token_id", .uint32(24)),
            ("tokenizer.ggml.eos_token_id", .int32(-1)), ("tokenizer.ggml.eos_token_id", .uint64(.max)),
            ("tokenizer.ggml.eos_token_id", .string("1")), ("tokenizer.ggml.add_bos_token", .uint32(1)),
            ("tokenizer.ggml.merges", .array([.string("a z")])), ("tokenizer.ggml.merges", .array([.string("ab")])),
            ("tokenizer.ggml.token_type", .array([.int32(1)])), ("tokenizer.ggml.tokens", .array([])),
            ("tokenizer.ggml.tokens", .array((0..<25).map { .string("\($0)") })),
            ("mamba2.block_count", .uint32(4097)), ("mamba2.block_count", .uint32(0)),
            ("mamba2.embedding_length", .uint32(0)), ("mamba2.vocab_size", .uint32(25)),
            ("mamba2.ssm.group_count", .uint32(0)), ("mamba2.ssm.state_size", .uint32(1 << 20)),
        ] as [(String, GGUFBuilder.Value)])
    func impossibleValuesAreRefused(key: String, value: GGUFBuilder.Value) throws {
        let model = try DamagedModel("GGUF of mamba2")
        var builder = TinyGGUF.model(.mamba2)
        builder.pairs.removeAll { $0.key == key }
        builder.add(key, value)
        try model.folder.replace("model.gguf", with: builder.build())
        #expect(try model.isRefused(key))
    }

    @Test func tensorsThatHoldNothingAreRefused() throws {
        let model = try DamagedModel("checkpoint")
        var file = TinyCheckpoint.shards()[0]
        for index in file.tensors.indices where file.tensors[index].shape.contains(8) {
            file.tensors[index].shape = file.tensors[index].shape.map { $0 == 8 ? 0 : $0 }
            file.tensors[index].data = []
        }
        var settings = TinyCheckpoint.settings
        for index in settings.indices where settings[index].key == "hidden_size" { settings[index].value = "0" }
        try model.folder.replace("model.safetensors", with: file.build())
        try model.folder.replace("config.json", with: TinyCheckpoint.config(settings))
        #expect(try model.isRefused("hidden_size: 0"))
    }
}
