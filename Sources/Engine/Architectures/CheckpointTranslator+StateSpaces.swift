import JSON
import Weights

/// The checkpoints that state-spaces/mamba writes itself: other names in `config.json`, and defaults in its code.
///
/// Follows `mamba_ssm/models/config_mamba.py`, `models/mixer_seq_simple.py` and `modules/mamba_simple.py`, `mamba2.py`.
extension CheckpointTranslator {
    /// What stands for `model_type`, which these checkpoints don't have.
    static let stateSpacesMamba = "state-spaces Mamba1"
    static let stateSpacesMamba2 = "state-spaces Mamba2"

    /// The options of layers; most of them are about how weights are first drawn, or which kernel runs.
    private static let layerOptions: Set<String> = [
        "A_init_range", "D_has_hdim", "bias", "chunk_size", "conv_bias", "conv_init", "d_conv", "d_ssm", "d_state",
        "dt_init", "dt_init_floor", "dt_limit", "dt_max", "dt_min", "dt_rank", "dt_scale", "expand", "headdim", "layer",
        "ngroups", "norm_before_gate", "rmsnorm", "use_fast_path", "use_mem_eff_path",
    ]

    /// The kind of a configuration without `model_type`; nil if it is none of these.
    static func stateSpacesType(_ config: CheckpointConfig) throws -> String? {
        guard config.has("d_model"), config.has("n_layer") else { return nil }
        try config.check("ssm_cfg.layer", isOneOf: ["Mamba1", "Mamba2"])
        return try config.string("ssm_cfg.layer") == "Mamba2" ? stateSpacesMamba2 : stateSpacesMamba
    }

    /// Translates what both layers have around and in them, and returns the width of the stream and of the layers.
    private mutating func translateStateSpaces(dState: Int) throws -> (dModel: Int, dInner: Int) {
        if let attention = try config.ints("attn_layer_idx"), !attention.isEmpty {
            throw config.wrong("attn_layer_idx", expected: "empty: models with attention layers can't be run")
        }
        if let width = try config.int("d_intermediate"), width != 0 {
            throw config.wrong("d_intermediate", expected: "0: models with MLPs can't be run")
        }
        try config.check("rms_norm", is: true)
        let known = Self.layerOptions
        if let unknown = config.value(["ssm_cfg"])?.value.object?.first(where: { !known.contains($0.name) }) {
            throw config.wrong("ssm_cfg.\(unknown.name)", expected: "absent: it is no option that we know")
        }
        let dModel = try setInt(.dModel, from: "d_model")
        try setInt(.nLayers, from: "n_layer")
        let expand = try config.int("ssm_cfg.expand") ?? 2
        let dInner = dModel.multipliedReportingOverflow(by: expand)
        guard !dInner.overflow, expand > 0 else { throw config.wrong("ssm_cfg.expand", expected: "a small number") }
        set(.dInner, .integer(Int64(dInner.partialValue)), from: "ssm_cfg.expand · d_model")
        try setInt(.dState, from: "ssm_cfg.d_state", default: dState)
        try setInt(.dConv, from: "ssm_cfg.d_conv", default: 4)
        set(.normEpsilon, .double(1e-5))
        try translateEmbedding(
            "backbone.embedding.weight", outputNorm: "backbone.norm_f.weight", tiedByDefault: true)
        let multiple = max(try config.int("pad_vocab_size_multiple") ?? 8, 1)
        let words = try config.requireInt("vocab_size")
        guard words > 0, words < 1 << 30, multiple < 1 << 20 else {
            throw config.wrong("vocab_size", expected: "a size")
        }
        set(.vocabSize, .integer(Int64((words + multiple - 1) / multiple * multiple)), from: "vocab_size")
        try rename("backbone.layers.{n}.norm.weight", to: "blk.{n}.attn_norm.weight")
        return (dModel, dInner.partialValue)
    }

    /// Translates a model of Mamba-1 layers.
    mutating func translateStateSpacesMamba() throws {
        let (dModel, _) = try translateStateSpaces(dState: 16)
        try setInt(.timeStepRank, from: "ssm_cfg.dt_rank", default: (dModel + 15) / 16)
        try translateMambaMixer("backbone.layers.{n}.mixer")
    }

    /// Translates a model of Mamba-2 layers.
    mutating func translateStateSpacesMamba2() throws {
        try config.check("ssm_cfg.rmsnorm", is: true)
        try config.check("ssm_cfg.norm_before_gate", is: false)
        try config.check("ssm_cfg.D_has_hdim", is: false)
        if config.has("ssm_cfg.d_ssm") { throw config.wrong("ssm_cfg.d_ssm", expected: "absent: its MLP can't be run") }
        let (_, dInner) = try translateStateSpaces(dState: 128)
        let headDim = try config.int("ssm_cfg.headdim") ?? 64
        guard headDim > 0, dInner % headDim == 0 else {
            throw config.wrong("ssm_cfg.headdim", expected: "a number that divides the width \(dInner)")
        }
        set(.timeStepRank, .integer(Int64(dInner / headDim)), from: "ssm_cfg.headdim")
        try setInt(.nGroups, from: "ssm_cfg.ngroups", default: 1)
        try translateMamba2Mixer("backbone.layers.{n}.mixer")
    }
}
