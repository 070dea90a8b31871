/// Builds safetensors files in memory, well-formed or wrong on purpose.
package struct SafetensorsBuilder: Sendable {
    /// One tensor: its entry in the header, and its bytes.
    package struct TensorEntry: Sendable {
        package var name: String
        package var type: String
        package var shape: [Int]
        package var data: [UInt8]
        /// Replaces the place that follows from the order.
        package var offsets: [Int]?
    }

    package var tensors: [TensorEntry] = []

    /// Makes a builder of a file with nothing in it.
    package init() {}

    /// Adds a tensor of float32 elements.
    package mutating func add(_ name: String, shape: [Int], floats: [Float]) {
        let data = floats.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }
        tensors.append(TensorEntry(name: name, type: "F32", shape: shape, data: data))
    }

    /// The header's JSON text.
    package var header: String {
        var start = 0
        let entries = tensors.map { tensor in
            let offsets = tensor.offsets ?? [start, start + tensor.data.count]
            start += tensor.data.count
            return #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"data_offsets":\#(offsets)}"#
        }
        return "{" + ([#""__metadata__":{"format":"pt"}"#] + entries).joined(separator: ",") + "}"
    }

    /// Returns the file's bytes.
    package func build() -> [UInt8] {
        let header = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) } + header
            + tensors.flatMap { $0.data }
    }
}
