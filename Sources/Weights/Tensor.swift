/// A named array of numbers inside a mapped weight file.
///
/// It keeps its file mapped; the mapping ends with the last tensor and ``WeightFile`` that refer to it.
package struct Tensor: Sendable {
    /// The tensor's name, such as `blk.0.ssm_in.weight`.
    package let name: String
    /// `[outer, …, inner]`: the last dimension is contiguous.
    ///
    /// GGUF lists dimensions the other way round.
    package let shape: [Int]
    /// How the elements are stored.
    package let type: ElementType
    /// The product of the shape.
    package let elementCount: Int
    /// How many bytes the elements take.
    package let byteCount: Int
    private let file: MappedFile
    private let start: Int

    /// The name of the file that holds the bytes, for messages.
    package var fileName: String { file.name }

    /// Makes a tensor whose bytes, from `start` on, the caller has checked to lie within the file.
    init(name: String, shape: [Int], type: ElementType, elementCount: Int, byteCount: Int, file: MappedFile, start: Int)
    {
        self.name = name
        self.shape = shape
        self.type = type
        self.elementCount = elementCount
        self.byteCount = byteCount
        self.file = file
        self.start = start
    }

    /// Lends the stored bytes, which start at a multiple of 8 and are ``byteCount`` long.
    ///
    /// The buffer must not outlive the closure. Reading it pages the file in.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try unsafe file.withBytes(in: start..<start + byteCount, body)
    }

    /// Gives the memory that reading the bytes took back to the system, once they are not needed any more.
    ///
    /// They stay readable: reading them pages the file in again.
    package func dropPages() {
        file.dropPages(in: start..<start + byteCount)
    }
}
