/// What one token did to a state: what its layers took in, after all products with weights.
///
/// Taken into a copy of the state that was before, it makes the state that came after, the same to the bit, and reads no
/// weight: the layers' own recurrences run again, nothing else.
package struct StateStep: Sendable {
    fileprivate struct Part: Sendable {
        let layer: Int
        let recurrence: any Recurrence
        let input: [Float]
    }

    fileprivate var parts: [Part] = []

    init() {}

    /// Bytes that it takes.
    package var byteCount: Int { parts.reduce(0) { $0 + $1.input.count * MemoryLayout<Float>.size } }
}

/// The part of a mixer that takes tokens into a layer's state.
protocol Recurrence: AnyObject, Sendable {
    /// Takes in one token, of which `input` is what `Workspace.note` was given.
    func take(_ input: [Float], into state: inout LayerState, workspace: Workspace)
}

extension Workspace {
    /// Notes what a layer is about to take, or has taken, into its state: these parts of rows, one after the other.
    func note(_ recurrence: any Recurrence, _ rows: [(values: [Float], columns: Range<Int>)]) {
        var input: [Float] = []
        input.reserveCapacity(rows.reduce(0) { $0 + $1.columns.count })
        for row in rows { input += row.values[row.columns] }
        step?.parts.append(StateStep.Part(layer: layer, recurrence: recurrence, input: input))
    }
}

extension SequenceState {
    /// Takes a step that a copy of this state has taken before.
    mutating func take(_ step: StateStep, workspace: Workspace) {
        for part in step.parts {
            part.recurrence.take(part.input, into: &layers[part.layer], workspace: workspace)
        }
        position += 1
    }
}
