/// Something that can show a frame: a terminal, or memory in tests.
public protocol Display {
    var size: Size { get }
    /// Shows `frame`; only what changed since the last one is sent.
    mutating func present(_ frame: CellBuffer)
}
