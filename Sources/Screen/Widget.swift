/// Something that draws itself into a rectangle of a buffer, and nowhere else.
public protocol Widget {
    func draw(into frame: inout CellBuffer, in rect: Rect)
}
