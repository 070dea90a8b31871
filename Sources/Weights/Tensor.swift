/// A named array of numbers: bytes inside a mapped weight file, or made from such bytes when they are asked for.
///
/// It keeps its file mapped; the mapping ends with the last tensor and ``WeightFile`` that refer to it.
package struct Tensor: Sendable {
    /// The tensor's name, such as `blk.0.ssm_in.weight`.
    package let name: String
    /// Its name in the file, where that is another.
    package let sourceName: String
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
    /// The name of the file that holds the bytes, for messages.
    package let fileName: String
    let storage: TensorStorage

    /// What to call the tensor in messages: its name, and its name in the file where that is another.
    package var label: String { name == sourceName ? name : "\(name) (\(sourceName))" }

    /// Makes a tensor whose bytes, from `start` on, the caller has checked to lie within the file.
    init(name: String, shape: [Int], type: ElementType, elementCount: Int, byteCount: Int, file: MappedFile, start: Int)
    {
        self.init(
            name: name, sourceName: name, shape: shape, type: type, elementCount: elementCount, byteCount: byteCount,
            fileName: file.name, storage: .mapped(file, start: start))
    }

    init(
        name: String, sourceName: String, shape: [Int], type: ElementType, elementCount: Int, byteCount: Int,
        fileName: String, storage: TensorStorage
    ) {
        self.name = name
        self.sourceName = sourceName
        self.shape = shape
        self.type = type
        self.elementCount = elementCount
        self.byteCount = byteCount
        self.fileName = fileName
        self.storage = storage
    }

    /// Lends the stored bytes, ``byteCount`` of them, at any alignment.
    ///
    /// The buffer must not outlive the closure. Reading it pages the file in; what is computed is computed each time.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try unsafe storage.withBytes(count: byteCount, body)
    }

    /// The paths of the files that hold the bytes.
    package var paths: [String] { storage.paths }

    /// Gives the memory that reading the bytes took back to the system, once they are not needed any more.
    ///
    /// They stay readable: reading them pages the file in again.
    package func dropPages() {
        dropPages(ofFirst: byteCount)
    }

    /// Gives back the memory of the first `count` bytes.
    package func dropPages(ofFirst count: Int) {
        precondition(count >= 0 && count <= byteCount, "more bytes than there are")
        storage.dropPages(count: count)
    }
}
