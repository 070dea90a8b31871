/// A reader that is fed with what libFuzzer makes up.
///
/// A further target is one file with a type that conforms, and one line in ``FuzzTargets``.
protocol FuzzTarget: Sendable {
    /// The target's name on the command line.
    static var name: String { get }
    /// Well-formed inputs, from the tests' own files, with a name for each.
    static func seeds() throws -> [(name: String, bytes: [UInt8])]
    init() throws
    /// Reads one input; an error is a fine result, a trap is not.
    func run(_ bytes: [UInt8])
}

/// What can be fuzzed.
enum FuzzTargets {
    /// Every target.
    static let all: [any FuzzTarget.Type] = [
        GGUFTarget.self,
        SafetensorsTarget.self,
        ConfigurationTarget.self,
        PyTorchTarget.self,
        TokenizerJSONTarget.self,
        TemplateTarget.self,
        ThemeTarget.self,
        ScreenTarget.self,
    ]
}
