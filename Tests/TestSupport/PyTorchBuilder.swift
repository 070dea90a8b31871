/// Builds files of `torch.save` in memory, well-formed or wrong on purpose: a zip archive with a pickle and tensors' bytes.
package struct PyTorchBuilder: Sendable {
    /// One tensor and its data.
    package struct Entry: Sendable {
        package var name: String
        /// Such as `FloatStorage`.
        package var storage: String
        package var shape: [Int]
        package var data: [UInt8]
        /// Replaces the strides of a tensor in one piece.
        package var strides: [Int]?
        /// Elements of the storage before the first.
        package var offset = 0
        /// Shares the storage of the tensor with this number.
        package var sharing: Int?
    }

    package var entries: [Entry] = []
    /// Replaces the pickle.
    package var pickle: [UInt8]?
    /// Whether sizes and places are written in the zip64 form.
    package var isWide = false
    /// Replaces the word for the byte order.
    package var byteOrder = "little"

    /// Makes a builder of a file with nothing in it.
    package init() {}

    /// Adds a tensor.
    package mutating func add(
        _ name: String, storage: String = "FloatStorage", shape: [Int], data: [UInt8], strides: [Int]? = nil,
        offset: Int = 0, sharing: Int? = nil
    ) {
        entries.append(
            Entry(
                name: name, storage: storage, shape: shape, data: data, strides: strides, offset: offset,
                sharing: sharing))
    }

    /// Adds a tensor of float32 elements.
    package mutating func add(_ name: String, shape: [Int], floats: [Float]) {
        add(name, shape: shape, data: floats.flatMap { LittleEndian.bytes($0.bitPattern) })
    }

    /// Returns the file's bytes.
    package func build() -> [UInt8] {
        var zip = ZipBuilder(isWide: isWide)
        zip.add("archive/data.pkl", pickle ?? pickled())
        zip.add("archive/byteorder", Array(byteOrder.utf8))
        for (number, entry) in entries.enumerated() where entry.sharing == nil {
            zip.add("archive/data/\(number)", entry.data)
        }
        zip.add("archive/version", Array("3\n".utf8))
        return zip.build()
    }

    /// The pickle that `torch.save` makes of an OrderedDict of tensors.
    private func pickled() -> [UInt8] {
        var out: [UInt8] = [0x80, 2]
        out += global("collections", "OrderedDict") + [0x29, 0x52, 0x71, 0] + [0x28]
        for (number, entry) in entries.enumerated() {
            var stride = 1
            let strides = entry.shape.reversed().map { size in
                defer { stride &*= size }
                return stride
            }
            out += text(entry.name) + global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28]
            out += text("storage") + global("torch", entry.storage) + text("\(entry.sharing ?? number)") + text("cpu")
            out += integer(entry.data.count) + [0x74, 0x51]
            out += integer(entry.offset) + tuple(entry.shape) + tuple(entry.strides ?? strides.reversed())
            out += [0x89] + global("collections", "OrderedDict") + [0x29, 0x52, 0x74, 0x52]
        }
        // Setting the members, then a state as torch notes the versions of modules.
        return out + [0x75, 0x7D, 0x71, 1] + text("_metadata") + [0x7D, 0x73, 0x62, 0x2E]
    }

    private func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    private func text(_ text: String) -> [UInt8] {
        [0x58] + LittleEndian.bytes(UInt32(text.utf8.count)) + Array(text.utf8)
    }

    private func integer(_ value: Int) -> [UInt8] {
        switch value {
        case 0..<256: [0x4B, UInt8(value)]
        case 256..<65536: [0x4D] + LittleEndian.bytes(UInt16(value))
        case -(1 << 31)..<(1 << 31): [0x4A] + LittleEndian.bytes(UInt32(bitPattern: Int32(value)))
        default: [0x8A, 8] + LittleEndian.bytes(UInt64(bitPattern: Int64(value)))
        }
    }

    private func tuple(_ values: [Int]) -> [UInt8] {
        values.isEmpty ? [0x29] : [0x28] + values.flatMap { integer($0) } + [0x74]
    }
}

/// Builds zip archives of entries that are stored as they are.
package struct ZipBuilder: Sendable {
    /// Whether sizes and places are written in the zip64 form.
    package var isWide: Bool
    private var out: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0
    /// Replaces the compression method in the directory.
    package var method: UInt16 = 0

    package init(isWide: Bool = false) {
        self.isWide = isWide
    }

    /// Adds an entry.
    package mutating func add(_ name: String, _ data: [UInt8]) {
        let start = out.count
        let size = UInt32(data.count)
        // Data starts at a multiple of 64, as torch has it.
        let padding = (64 - (start + 30 + name.utf8.count + 4) % 64) % 64
        let local = LittleEndian.bytes(UInt16(0x4246)) + LittleEndian.bytes(UInt16(padding))
        out += LittleEndian.bytes(UInt32(0x0403_4B50)) + [UInt8](repeating: 0, count: 14)
        out += LittleEndian.bytes(size) + LittleEndian.bytes(size)
        out += LittleEndian.bytes(UInt16(name.utf8.count)) + LittleEndian.bytes(UInt16(4 + padding))
        out += Array(name.utf8) + local + [UInt8](repeating: 0x5A, count: padding) + data

        var extra: [UInt8] = []
        if isWide {
            extra = LittleEndian.bytes(UInt16(1)) + LittleEndian.bytes(UInt16(24))
            for value in [data.count, data.count, start] { extra += LittleEndian.bytes(UInt64(value)) }
        }
        directory += LittleEndian.bytes(UInt32(0x0201_4B50)) + [45, 0, 45, 0, 0, 8] + LittleEndian.bytes(method)
        directory += [UInt8](repeating: 0, count: 8)
        for _ in 0..<2 { directory += LittleEndian.bytes(isWide ? .max : size) }
        directory += LittleEndian.bytes(UInt16(name.utf8.count)) + LittleEndian.bytes(UInt16(extra.count))
        directory += [UInt8](repeating: 0, count: 10) + LittleEndian.bytes(isWide ? .max : UInt32(start))
        directory += Array(name.utf8) + extra
        count += 1
    }

    /// Returns the archive's bytes.
    package func build() -> [UInt8] {
        let start = out.count
        var end = out + directory
        if isWide {
            let record = end.count
            end += LittleEndian.bytes(UInt32(0x0606_4B50)) + LittleEndian.bytes(UInt64(44))
            end += [45, 0, 45, 0] + [UInt8](repeating: 0, count: 8)
            for value in [count, count, directory.count, start] { end += LittleEndian.bytes(UInt64(value)) }
            end += LittleEndian.bytes(UInt32(0x0706_4B50)) + [0, 0, 0, 0]
            end += LittleEndian.bytes(UInt64(record)) + [1, 0, 0, 0]
        }
        end += LittleEndian.bytes(UInt32(0x0605_4B50)) + [0, 0, 0, 0]
        for _ in 0..<2 { end += LittleEndian.bytes(isWide ? .max : UInt16(count)) }
        end += LittleEndian.bytes(isWide ? .max : UInt32(directory.count))
        return end + LittleEndian.bytes(isWide ? .max : UInt32(start)) + [0, 0]
    }
}

/// Bytes of numbers.
package enum LittleEndian {
    /// Returns the bytes of a number, least significant first.
    package static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
