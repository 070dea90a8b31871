/// Where a tensor's bytes are, or how they are made.
indirect enum TensorStorage: Sendable {
    /// In a file, from `start` on.
    case mapped(MappedFile, start: Int)
    /// Float32 values, computed whenever they are asked for: a model is in memory once, not twice.
    case computed(@Sendable () -> [Float])
    /// Rows of another tensor.
    case rows(Tensor, [Int])
    /// Tensors of one type, one after the other.
    case joined([Tensor])

    func withBytes<R, E: Error>(
        count: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        switch self {
        case .mapped(let file, let start):
            return try unsafe file.withBytes(in: start..<start + count, body)
        case .computed(let values):
            let values = values()
            precondition(values.count * MemoryLayout<Float>.size == count, "a computed tensor of another size")
            return try unsafe values.withUnsafeBufferPointer { buffer throws(E) in
                try unsafe body(UnsafeRawBufferPointer(buffer))
            }
        case .rows, .joined:
            let bytes = collected()
            precondition(bytes.count == count, "a collected tensor of another size")
            return try unsafe bytes.withUnsafeBufferPointer { buffer throws(E) in
                try unsafe body(UnsafeRawBufferPointer(buffer))
            }
        }
    }

    private func collected() -> [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .rows(let tensor, let rows):
            let rowBytes = tensor.byteCount / max(tensor.shape.first ?? 1, 1)
            bytes.reserveCapacity(rows.count * rowBytes)
            unsafe tensor.withBytes { source in
                for row in rows { unsafe bytes.append(contentsOf: source[row * rowBytes..<(row + 1) * rowBytes]) }
            }
        case .joined(let parts):
            bytes.reserveCapacity(parts.reduce(0) { $0 + $1.byteCount })
            for part in parts { unsafe part.withBytes { unsafe bytes.append(contentsOf: $0) } }
        case .mapped, .computed: break
        }
        return bytes
    }

    func dropPages(count: Int) {
        switch self {
        case .mapped(let file, let start): file.dropPages(in: start..<start + count)
        case .computed: break
        case .rows(let tensor, _): tensor.dropPages()
        case .joined(let parts): for part in parts { part.dropPages() }
        }
    }

    /// The paths of the files that the bytes come from; none of what is computed.
    var paths: [String] {
        switch self {
        case .mapped(let file, _): [file.path]
        case .computed: []
        case .rows(let tensor, _): tensor.paths
        case .joined(let parts): parts.flatMap { $0.paths }
        }
    }
}
