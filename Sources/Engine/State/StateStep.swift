/// What one token did to a state: what its layers took in, after all products with weights.
///
/// Taken into a copy of the state that was before, it makes the state that came after, the same to the bit, and reads no
/// weight: the layers' own recurrences run again, nothing else.
package struct StateStep: Sendable {
    private struct Part: Sendable {
        let layer: Int
        let recurrence: any Recurrence
        /// Where its input ends in `inputs`; it begins where the one before ends.
        var end: Int
    }

    private var parts: [Part] = []
    /// What all layers took in, one after the other.
    private var inputs: [Float] = []

    package init() {}

    /// Bytes that it takes.
    package var byteCount: Int { inputs.count * MemoryLayout<Float>.size }

    /// Forgets what was noted, and keeps the memory for the next token.
    mutating func clear() {
        parts.removeAll(keepingCapacity: true)
        inputs.removeAll(keepingCapacity: true)
    }

    mutating func begin(_ recurrence: any Recurrence, layer: Int) {
        parts.append(Part(layer: layer, recurrence: recurrence, end: inputs.count))
    }

    mutating func add(_ values: [Float], _ columns: Range<Int>) {
        inputs.append(contentsOf: values[columns])
        parts[parts.count - 1].end = inputs.count
    }

    fileprivate func take(into layers: inout [LayerState], workspace: Workspace) {
        var start = 0
        for part in parts {
            part.recurrence.take(Array(inputs[start..<part.end]), into: &layers[part.layer], workspace: workspace)
            start = part.end
        }
    }
}

/// The part of a mixer that takes tokens into a layer's state.
protocol Recurrence: AnyObject, Sendable {
    /// Takes in one token, of which `input` is what `Workspace.note` was given.
    func take(_ input: [Float], into state: inout LayerState, workspace: Workspace)
}

extension Workspace {
    /// Notes what a layer is about to take, or has taken, into its state, where that is wanted: these columns of a row.
    func note(_ recurrence: any Recurrence, _ values: [Float], _ columns: Range<Int>) {
        guard notesStep else { return }
        step.begin(recurrence, layer: layer)
        step.add(values, columns)
    }

    /// Notes more columns behind those that the same layer noted.
    func noteMore(_ values: [Float], _ columns: Range<Int>) {
        if notesStep { step.add(values, columns) }
    }
}

extension SequenceState {
    /// Takes a step that a copy of this state has taken before.
    mutating func take(_ step: StateStep, workspace: Workspace) {
        step.take(into: &layers, workspace: workspace)
        position += 1
    }
}
