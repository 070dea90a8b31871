/// What one layer's state-space model does in this moment, where the model is traced.
public struct LayerReading: Sendable, Equatable {
    /// Its number, from 0.
    public var layer: Int
    /// The step size Δ of the last token, the mean over channels (heads): how much of it is written.
    public var meanStep: Double
    /// Tokens after which half of what was written is left.
    ///
    /// ln 2 / (−A · mean Δ), with the mean over the traced tokens and the median over channels (heads).
    public var halfLife: Double

    public init(layer: Int, meanStep: Double, halfLife: Double) {
        self.layer = layer
        self.meanStep = meanStep
        self.halfLife = halfLife
    }
}
