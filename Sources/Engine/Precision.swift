/// How weights and activations are held.
package enum Precision: String, Sendable, CaseIterable {
    /// Weights as the file has them, activations in 8 or 16 bits (`ActivationRounding`) where the weights are quantised,
    /// keys and values in 16 bits.
    case fast
    /// Weights decoded to float32, everything else in float32: for references and debugging.
    case exact
}
