/// Rows of numbers, one for each traced token, in as many slots as a trace has.
///
/// Elements are float32 in `exact` and float16 in `fast`, as keys and values are.
package struct TraceRows: Sendable {
    package let width: Int
    private let half: Bool
    private var floats: [Float] = []
    private var halves: [Float16] = []

    init(width: Int, half: Bool) {
        self.width = width
        self.half = half
    }

    /// Bytes that the rows take.
    package var byteCount: Int { floats.count * 4 + halves.count * 2 }

    /// Writes `width` values of `source`, from `offset` on, to a slot: one that has a row, or the next one.
    mutating func write(_ source: [Float], from offset: Int, slot: Int) {
        let start = slot * width
        if half {
            if halves.count == start { halves.append(contentsOf: repeatElement(0, count: width)) }
            for index in 0..<width {
                // What is larger than float16 can say is as large as it can say.
                let value = max(-65504, min(65504, source[offset + index]))
                halves[start + index] = Float16(value)
            }
        } else if floats.count == start {
            floats.append(contentsOf: source[offset..<(offset + width)])
        } else {
            for index in 0..<width { floats[start + index] = source[offset + index] }
        }
    }

    /// The row in a slot.
    func row(_ slot: Int) -> [Float] {
        let range = (slot * width)..<((slot + 1) * width)
        return half ? halves[range].map { Float($0) } : Array(floats[range])
    }
}
