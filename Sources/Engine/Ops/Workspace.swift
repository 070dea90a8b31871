/// The buffers that one forward pass needs, kept from piece to piece so that a token allocates nothing.
///
/// One workspace belongs to one `ModelRunner`; buffers grow to the largest piece and hold nothing between passes that
/// matters, but `hidden` and `logits`, which are the pass's results.
package final class Workspace {
    let pool: WorkerPool
    /// The residual stream, `[tokens, dModel]`.
    package internal(set) var hidden: [Float] = []
    /// The rows of logits that were asked for, `[rows, vocabSize]`.
    package internal(set) var logits: [Float] = []

    /// A norm's output, `[tokens, dModel]`.
    var normed: [Float] = []
    /// What a mixer or an MLP adds to the stream, `[tokens, dModel]`.
    var branch: [Float] = []
    /// A projection's output.
    var projected: [Float] = []
    var convolved: [Float] = []
    /// Mamba-1's dt, B and C, `[tokens, rank + 2 · dState]`; dt alone; and the step sizes, `[tokens, dInner]`.
    var selection: [Float] = []
    var ranks: [Float] = []
    var steps: [Float] = []
    /// A mixer's output before its last projection.
    var mixed: [Float] = []
    /// An adapter's inner values, and what it adds to a projection's output.
    var adapterRanks: [Float] = []
    var adapted: [Float] = []
    /// The stream before the first layer, for families that read it again; and it behind the stream, `[tokens, 2 · dModel]`.
    var embedded: [Float] = []
    var joined: [Float] = []
    var gate: [Float] = []
    var up: [Float] = []
    var queries: [Float] = []
    var keys: [Float] = []
    var values: [Float] = []
    /// One entry for each position embedding of the family.
    var rotations: [Rotation] = []
    /// Which experts take which tokens, and the rows of one expert: its inputs, its outputs; and what all of them add up to.
    var routing = ExpertRouting()
    var gathered: [Float] = []
    var expertOutput: [Float] = []
    var routed: [Float] = []
    var scratch: [Float] = []
    var quantized = QuantizedActivations()
    /// What is kept of the passes, where somebody asked for it, and the layer that is at work.
    var trace: Trace?
    var layer = 0
    /// Whether a pass over one token notes what it does to the state, and what it did.
    var notesStep = false
    var step = StateStep()
    /// Whether what goes through the layers is a sequence's first token, whose inputs are all rounded to 16 bits.
    var opensSequence = false

    package init(pool: WorkerPool) {
        self.pool = pool
    }
}
