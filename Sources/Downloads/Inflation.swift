import CZlib

/// Deflated bytes (RFC 1951) that become what they were, piece by piece, with zlib.
final class Inflation {
    private var stream = z_stream()
    private(set) var isFinished = false

    /// - Throws: `DownloadError` where there is no memory.
    init() throws(DownloadError) {
        // Negative: no header of zlib's own, as in a zip archive.
        let status = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw DownloadError(.file, "zlib can't start: \(status)") }
    }

    deinit {
        inflateEnd(&stream)
    }

    /// Hands what `bytes` become to `body`, in pieces.
    func add(_ bytes: [UInt8], _ body: ([UInt8]) throws(DownloadError) -> Void) throws(DownloadError) {
        var input = bytes
        var output = [UInt8](repeating: 0, count: 1 << 20)
        var taken = 0
        repeat {
            let (status, used, made) = step(&input, from: taken, &output)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw DownloadError(.mismatch, "the compressed bytes are damaged (zlib: \(status))")
            }
            taken += used
            if made > 0 { try body(Array(output[..<made])) }
            isFinished = status == Z_STREAM_END
            if used == 0, made == 0 { break }
        } while !isFinished
    }

    private func step(_ input: inout [UInt8], from start: Int, _ output: inout [UInt8]) -> (Int32, Int, Int) {
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress.map { $0 + start }
                stream.avail_in = UInt32(input.count - start)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let status = inflate(&stream, Z_NO_FLUSH)
                let used = input.count - start - Int(stream.avail_in)
                return (status, used, output.count - Int(stream.avail_out))
            }
        }
    }
}
