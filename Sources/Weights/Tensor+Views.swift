/// Other ways to see a tensor's elements: none of them copies a weight before it is asked for.
extension Tensor {
    /// Makes a tensor of float32 values that are computed when they are asked for.
    ///
    /// - Parameters:
    ///   - sourceName: what they are computed from, for messages
    ///   - fileName: where that is
    ///   - values: returns as many values as `shape` has elements, in row-major order
    package init(
        name: String, shape: [Int], sourceName: String, fileName: String,
        computing values: @escaping @Sendable () -> [Float]
    ) {
        let count = shape.reduce(1, *)
        self.init(
            name: name, sourceName: sourceName, shape: shape, type: .f32, elementCount: count,
            byteCount: count * MemoryLayout<Float>.size, fileName: fileName, storage: .computed(values))
    }

    /// Returns the tensor under another name.
    package func renamed(_ name: String) -> Tensor { copy(name: name) }

    /// Returns the same elements in another shape, which has to have as many.
    package func reshaped(_ shape: [Int]) throws(WeightError) -> Tensor {
        let type = self.type
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == elementCount,
            (shape.last ?? 1) % type.blockElements == 0
        else { throw wrongShape("they should be \(shape)") }
        return copy(shape: shape)
    }

    /// Returns some of the outermost dimension.
    package func rows(_ range: Range<Int>) throws(WeightError) -> Tensor {
        guard let outer = shape.first, range.lowerBound >= 0, range.upperBound <= outer else {
            throw wrongShape("rows \(range.lowerBound) to \(range.upperBound) are needed")
        }
        let elements = elementCount / max(outer, 1) * range.count
        let rowBytes = byteCount / max(outer, 1)
        let storage: TensorStorage
        switch self.storage {
        case .mapped(let file, let start): storage = .mapped(file, start: start + range.lowerBound * rowBytes)
        case .joined(let parts):
            // Experts are joined one after the other, and taken apart again.
            let size = (parts.first?.byteCount ?? 0) / max(rowBytes, 1)
            let (part, offset) = size > 0 ? range.lowerBound.quotientAndRemainder(dividingBy: size) : (0, 0)
            if offset == 0, range.count == size, parts.indices.contains(part) {
                storage = parts[part].storage
            } else {
                storage = .rows(self, Array(range))
            }
        case .computed, .rows: storage = .rows(self, Array(range))
        }
        return copy(shape: [range.count] + shape.dropFirst(), elementCount: elements, storage: storage)
    }

    /// Returns one of the outermost dimension, without that dimension: the matrix of an expert.
    package func slice(_ index: Int) throws(WeightError) -> Tensor {
        let row = try rows(index..<index + 1)
        return try row.reshaped(Array(shape.dropFirst()))
    }

    /// Returns rows of the outermost dimension in another order.
    package func picking(rows: [Int]) throws(WeightError) -> Tensor {
        let outer = shape.first ?? 0
        guard let largest = rows.max(), let smallest = rows.min(), smallest >= 0, largest < outer else {
            throw wrongShape("rows up to \(rows.max() ?? 0) are needed")
        }
        return copy(
            shape: [rows.count] + shape.dropFirst(), elementCount: elementCount / outer * rows.count,
            storage: .rows(self, rows))
    }

    /// Returns tensors of one shape as one with a further, outermost dimension.
    package static func stacked(_ tensors: [Tensor], name: String) throws(WeightError) -> Tensor {
        guard let first = tensors.first else {
            throw WeightError(.missingTensor, "No tensors are there to make \(name) of.")
        }
        for tensor in tensors where tensor.shape != first.shape || tensor.type != first.type {
            throw tensor.wrongShape("\(first.label) beside it is \(first.type.name) \(first.shape)")
        }
        return first.copy(
            name: name, shape: [tensors.count] + first.shape, elementCount: first.elementCount * tensors.count,
            storage: .joined(tensors))
    }

    private func copy(
        name: String? = nil, shape: [Int]? = nil, elementCount: Int? = nil, storage: TensorStorage? = nil
    ) -> Tensor {
        let count = elementCount ?? self.elementCount
        return Tensor(
            name: name ?? self.name, sourceName: sourceName, shape: shape ?? self.shape, type: type,
            elementCount: count, byteCount: type.byteCount(ofElements: count) ?? 0, fileName: fileName,
            storage: storage ?? self.storage)
    }

    private func wrongShape(_ expected: String) -> WeightError {
        WeightError(
            .wrongShape,
            "\(label) in \(fileName) is \(type.name) \(shape); \(expected)."
                + " The file is damaged or is of another model.")
    }
}
