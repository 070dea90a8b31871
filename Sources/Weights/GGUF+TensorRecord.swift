extension GGUF {
    /// What the header says of one tensor, checked as far as that goes without knowing the others.
    struct TensorRecord {
        let name: String
        /// `[outer, …, inner]`.
        let shape: [Int]
        let type: ElementType
        let elementCount: Int
        let byteCount: Int
        /// From the start of the tensor data.
        let offset: UInt64

        /// Reads one record; `number` counts from 0.
        init(_ reader: inout ByteReader, number: Int) throws(WeightError) {
            let file = reader.file.name
            let name = try reader.text("The name of tensor \(number + 1)")
            guard !name.isEmpty else {
                throw WeightError(.damaged, "Tensor \(number + 1) in \(file) has no name. The file is damaged.")
            }
            let rank = try reader.integer(UInt32.self, "The number of dimensions of \(name)")
            guard rank <= 4 else {
                throw WeightError(
                    .damaged, "\(name) in \(file) has \(rank) dimensions; GGUF allows four. The file is damaged.")
            }
            var dimensions: [UInt64] = []
            for _ in 0..<rank { dimensions.append(try reader.integer(UInt64.self, "A dimension of \(name)")) }
            let typeNumber = try reader.integer(UInt32.self, "The type of \(name)")
            self.offset = try reader.integer(UInt64.self, "The offset of \(name)")
            guard let type = ElementType(rawValue: typeNumber) else {
                throw WeightError(
                    .unsupported,
                    "\(name) in \(file) is stored as ggml type \(typeNumber), which this program does not know."
                        + " Use another quantisation of the model.")
            }
            self.name = name
            self.type = type
            var shape: [Int] = []
            var count = 1
            for dimension in dimensions.reversed() {
                let product = UInt64(count).multipliedReportingOverflow(by: dimension)
                guard dimension > 0, !product.overflow, let whole = Int(exactly: product.partialValue) else {
                    throw WeightError(
                        .damaged,
                        "\(name) in \(file) has the dimensions \(dimensions), one of which is 0 or whose product is"
                            + " too large. The file is damaged.")
                }
                shape.append(Int(dimension))
                count = whole
            }
            guard (shape.last ?? 1) % type.blockElements == 0, let bytes = type.byteCount(ofElements: count) else {
                throw WeightError(
                    .damaged,
                    "\(name) in \(file) has the shape \(shape); rows of \(type.name) have to be multiples of"
                        + " \(type.blockElements) and fit in memory. The file is damaged.")
            }
            self.shape = shape
            self.elementCount = count
            self.byteCount = bytes
        }
    }
}
