/// When the next frame may be drawn: never more than so many a second, but for keys, which are shown at once.
///
/// It keeps no clock of its own: all times are the caller's, in seconds on a clock that never goes back.
public struct FramePacer: Sendable {
    /// A key's own frame comes so soon after another one: keys that come in a burst are shown together.
    public static let secondsBeforeKeyFrame = 1.0 / 240

    private var lastFrame = -Double.infinity
    private var isUrgent = false

    public init() {}

    /// Says that a key waits for the next frame, which mustn't be felt.
    public mutating func hurry() { isUrgent = true }

    /// How long the next frame has to wait, in seconds; 0 when it is due.
    ///
    /// - Parameter framesPerSecond: The most frames a second, keys apart.
    public func wait(at now: Double, framesPerSecond: Int) -> Double {
        max(0, lastFrame + (isUrgent ? Self.secondsBeforeKeyFrame : 1 / Double(framesPerSecond)) - now)
    }

    /// Says that a frame was drawn.
    public mutating func drew(at now: Double) {
        (lastFrame, isUrgent) = (now, false)
    }
}
