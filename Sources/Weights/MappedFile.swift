import Glibc

/// A file mapped read-only into memory: the one place in this module that holds a pointer.
///
/// Sendable because nothing writes to the mapping: it is private and read-only from `open` to `deinit`, and both
/// stored properties are constants. A file that another program cuts short while it is mapped ends this program
/// with SIGBUS; no reader of mapped files can prevent that.
@safe final class MappedFile: @unchecked Sendable {
    /// The path as it was given.
    let path: String
    /// The last component of the path, for messages.
    let name: String
    private let bytes: UnsafeRawBufferPointer

    /// How long the file is.
    var byteCount: Int { unsafe bytes.count }

    private init(path: String, bytes: UnsafeRawBufferPointer) {
        self.path = path
        self.name = MappedFile.name(of: path)
        unsafe self.bytes = bytes
    }

    deinit {
        if let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress) {
            unsafe munmap(start, bytes.count)
        }
    }

    /// Returns the last component of a path.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Returns whether a directory lies at `path`.
    static func isDirectory(_ path: String) -> Bool { kind(path) == S_IFDIR }

    /// Returns whether a regular file lies at `path`.
    static func isRegularFile(_ path: String) -> Bool { kind(path) == S_IFREG }

    private static func kind(_ path: String) -> mode_t? {
        var status = stat()
        guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT
    }

    /// Returns the path of a directory or file without links and dots; the path itself where there is none.
    static func resolved(_ path: String) -> String {
        guard !path.utf8.contains(0), let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Maps the regular file at `path`; anything else is an error that says what lies there.
    static func open(_ path: String) throws(WeightError) -> MappedFile {
        guard !path.utf8.contains(0) else {
            throw WeightError(.notFound, "The path of the weights contains a zero byte; no file can be named so.")
        }
        // Without O_NONBLOCK a named pipe would wait for a writer here.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR {
                throw WeightError(.notFound, "There is no file at \(path). Check the path.")
            }
            throw WeightError(.unreadable, "\(path) can't be opened: \(systemMessage(errno)).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw WeightError(.unreadable, "\(path) can't be examined: \(systemMessage(errno)).")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR:
            throw WeightError(
                .unreadable, "\(path) is a directory, not a file. Name the file inside it.")
        default:
            throw WeightError(
                .unreadable, "\(path) is a device, pipe or socket. Weights are mapped, which needs a regular file.")
        }
        guard let count = Int(exactly: status.st_size), count > 0 else {
            throw WeightError(.truncated, "\(path) is empty. Download or copy the weights again.")
        }
        guard let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe start != MAP_FAILED
        else {
            throw WeightError(
                .unreadable, "\(path) (\(count) bytes) can't be mapped into memory: \(systemMessage(errno)).")
        }
        return unsafe MappedFile(path: path, bytes: UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Lends the bytes in `range`, which the caller has checked against ``byteCount``.
    func withBytes<R, E: Error>(in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "byte range outside the file")
        return try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    /// Gives the memory of the pages that hold `range` back to the system, with those around it that came along; reading
    /// them again reads the file again.
    ///
    /// It is only advice: where the system does not take it, nothing changes.
    func dropPages(in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "byte range outside the file")
        guard !range.isEmpty, let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
        // The mapping itself starts at a page.
        let address = Int(bitPattern: start)
        let first = max((address + range.lowerBound) / Self.broughtTogether * Self.broughtTogether - address, 0)
        let end = (address + range.upperBound + Self.broughtTogether - 1) / Self.broughtTogether * Self.broughtTogether
        unsafe madvise(start + first, min(end - address, byteCount) - first, MADV_DONTNEED)
    }

    /// Bytes, by whose multiples addresses are cut into what one read brings into memory: a huge page where the file system
    /// keeps files in such, else less (Linux's fault_around_bytes, 64 KiB).
    private static let broughtTogether = 2 << 20

    /// Returns the little-endian integer at `offset`, which the caller has checked.
    func integer<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        precondition(offset >= 0 && offset <= byteCount - MemoryLayout<T>.size, "integer outside the file")
        return unsafe T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// Returns `count` elements from `offset` on, in the machine's byte order; the caller has checked the range.
    func elements<T: BitwiseCopyable>(at offset: Int, count: Int, as type: T.Type) -> [T] {
        precondition(
            count >= 0 && offset >= 0 && count <= (byteCount - offset) / MemoryLayout<T>.size,
            "elements outside the file")
        guard count > 0 else { return [] }
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count * MemoryLayout<T>.size])
        return unsafe [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
            initialized = count
        }
    }

    /// Returns the UTF-8 text in a range that the caller has checked; invalid bytes become U+FFFD.
    func text(in range: Range<Int>) -> String {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "text outside the file")
        return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    static func systemMessage(_ number: CInt) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }
}
