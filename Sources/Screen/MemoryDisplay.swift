/// A display that only remembers what it was shown.
public struct MemoryDisplay: Display, Sendable {
    public var size: Size
    /// Every frame, oldest first.
    public private(set) var frames: [CellBuffer] = []

    public init(size: Size) {
        self.size = size
    }

    public mutating func present(_ frame: CellBuffer) {
        frames.append(frame)
    }
}
