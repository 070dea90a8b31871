import Glibc

/// Writes one safetensors file to the disk, tensor by tensor, so that it may be larger than memory.
///
/// The header stands first and tells where each tensor is, which is known only at the end: until then the tensors are in
/// a file without a name, which is gone whenever this is.
package struct SafetensorsFileWriter: ~Copyable {
    private let path: String
    private var header = SafetensorsHeader()
    private let data: Int32

    /// Begins the file that `finish` makes at `path`, in the same folder.
    package init(_ path: String) throws(WeightError) {
        self.path = path
        let name = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
        data = try Self.open(name, O_RDWR | O_EXCL)
        unsafe unlink(name)
    }

    deinit { close(data) }

    /// Adds a tensor; `shape` is `[outer, …, inner]`, and `bytes` its elements in that order.
    package mutating func add(_ name: String, type: ElementType, shape: [Int], bytes: [UInt8]) throws(WeightError) {
        header.add(name, type: type, shape: shape, byteCount: bytes.count)
        try write(bytes[...], to: data)
    }

    /// Makes the file, with `metadata` in its header, and waits until it is on the disk; one that fails leaves none.
    package consuming func finish(metadata: [(name: String, value: String)]) throws(WeightError) {
        let file = try Self.open(path, O_WRONLY | O_TRUNC)
        defer { close(file) }
        do throws(WeightError) {
            try write(header.bytes(metadata: metadata)[...], to: file)
            try copyData(to: file)
            guard fsync(file) == 0 else { throw failure(errno) }
        } catch {
            unsafe unlink(path)
            throw error
        }
    }

    private func copyData(to file: Int32) throws(WeightError) {
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var done = 0
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe pread(data, $0.baseAddress, $0.count, done) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            guard count > 0 else { return }
            try write(piece[..<count], to: file)
            done += count
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, to file: Int32) throws(WeightError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func open(_ path: String, _ flags: Int32) throws(WeightError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, flags | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(path, errno) }
        return descriptor
    }

    private func failure(_ code: Int32) -> WeightError { Self.failure(path, code) }

    private static func failure(_ path: String, _ code: Int32) -> WeightError {
        WeightError(.unwritable, "\(path) can't be written: \(MappedFile.systemMessage(code)).")
    }
}
