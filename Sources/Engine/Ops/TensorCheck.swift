import CKernels
package import Weights

/// Decodes tensors to see whether they hold numbers.
package enum TensorCheck {
    /// Elements that are decoded together: blocks of any type fit a whole number of times.
    private static let piece = 1 << 18

    /// Returns the index of the first element that is infinite or no number, or nil where all are finite.
    ///
    /// - Throws: `EngineError` for a type that can't be decoded.
    package static func firstNonFinite(_ tensor: Tensor) throws -> Int? {
        let type = try Kernels.WeightType(tensor)
        var values = [Float](repeating: 0, count: min(piece, tensor.elementCount))
        let found: Int? = unsafe tensor.withBytes { bytes in
            for start in stride(from: 0, to: tensor.elementCount, by: piece) {
                let count = min(piece, tensor.elementCount - start)
                let offset = start / tensor.type.blockElements * tensor.type.blockBytes
                guard let base = bytes.baseAddress else { return nil }
                unsafe ck_dequantize(type.kernelType, base + offset, &values, count)
                if let index = values[..<count].firstIndex(where: { !$0.isFinite }) { return start + index }
            }
            return nil
        }
        tensor.dropPages()
        return found
    }
}
