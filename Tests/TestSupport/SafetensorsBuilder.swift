import Foundation

/// Builds safetensors files in memory, well-formed or wrong on purpose.
package struct SafetensorsBuilder: Sendable {
    /// One tensor and its data.
    package struct TensorEntry: Sendable {
        package var name: String
        package var type: String
        /// `[outer, …, inner]`.
        package var shape: [Int]
        package var data: [UInt8]
        /// Replaces the offsets that follow from the order.
        package var offsets: [Int]?
    }

    package var tensors: [TensorEntry] = []
    /// Replaces the header's text.
    package var header: String?
    /// Replaces the header's length.
    package var headerLength: UInt64?

    /// Makes a builder of a file with nothing in it.
    package init() {}

    /// Adds a tensor of float32 elements.
    package mutating func add(_ name: String, shape: [Int], floats: [Float]) {
        add(name, dtype: "F32", shape: shape, data: floats.flatMap { LittleEndian.bytes($0.bitPattern) })
    }

    /// Adds a tensor of any type.
    package mutating func add(_ name: String, dtype: String, shape: [Int], data: [UInt8], offsets: [Int]? = nil) {
        tensors.append(TensorEntry(name: name, type: dtype, shape: shape, data: data, offsets: offsets))
    }

    /// Returns the file's bytes.
    package func build() -> [UInt8] {
        var data: [UInt8] = []
        var members = [#""__metadata__":{"format":"pt"}"#]
        for entry in tensors {
            let offsets = entry.offsets ?? [data.count, data.count + entry.data.count]
            members.append(
                #""\#(entry.name)":{"dtype":"\#(entry.type)","shape":\#(entry.shape),"data_offsets":\#(offsets)}"#)
            data += entry.data
        }
        var header = Array((self.header ?? "{\(members.joined(separator: ","))}").utf8)
        header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
        return LittleEndian.bytes(headerLength ?? UInt64(header.count)) + header + data
    }

    /// Writes a checkpoint with this configuration into a directory: one file, or one for each of `shards`, with an index.
    ///
    /// Tensors are dealt out to the shards in turn.
    package func write(into directory: TemporaryDirectory, config: String, shards: Int = 1) throws {
        _ = try directory.write(Array(config.utf8), "config.json")
        guard shards > 1 else {
            _ = try directory.write(build(), "model.safetensors")
            return
        }
        var map: [String] = []
        for number in 0..<shards {
            let name = "model-\(number + 1)-of-\(shards).safetensors"
            var shard = self
            shard.tensors = tensors.enumerated().filter { $0.offset % shards == number }.map(\.element)
            map += shard.tensors.map { #""\#($0.name)": "\#(name)""# }
            _ = try directory.write(shard.build(), name)
        }
        let index = #"{"metadata": {"total_size": 1}, "weight_map": {\#(map.joined(separator: ", "))}}"#
        _ = try directory.write(Array(index.utf8), "model.safetensors.index.json")
    }
}
