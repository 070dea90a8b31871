import Engine
import Inference

/// The state from which each repetition of a measurement starts.
///
/// Where the runner has read nothing it is made anew, since a copy would count as memory that the model needs: 18.5 MiB
/// for mamba2-130m.
struct StartingState {
    private let state: SequenceState?

    init(_ runner: ModelRunner) {
        state = runner.state.position == 0 ? nil : runner.state
    }

    func restore(_ runner: inout ModelRunner) {
        if let state { runner.state = state } else { Self.begin(&runner) }
    }

    /// Lets a runner forget what it has read.
    static func begin(_ runner: inout ModelRunner) {
        runner.state = SequenceState(layers: [])  // the old one goes before the new one comes
        runner.state = runner.model.architecture.makeState()
    }
}
