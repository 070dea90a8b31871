/// Names what a file that is no weight file looks like, so that the error helps.
enum FileSignature {
    /// Returns words for the kind of file that starts with `head`, and what to do about it.
    static func describe(_ head: [UInt8]) -> String {
        for (signature, words) in signatures where head.starts(with: signature.utf8) { return words }
        if head.starts(with: [0x1f, 0x8b]) { return "a gzip archive; unpack it first" }
        if head.starts(with: [0x80, 0x02]) || head.starts(with: [0x80, 0x04]) {
            return "a Python pickle, as PyTorch wrote checkpoints before 1.6; save it again, as safetensors"
        }
        let trimmed = head.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
        if trimmed.starts(with: "<!".utf8) || trimmed.starts(with: "<html".utf8) {
            return "a web page: the download was answered with an error page"
        }
        if trimmed.starts(with: "{".utf8) || trimmed.starts(with: "[".utf8) { return "a JSON file" }
        if head.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || (0x09...0x0d).contains($0) }) { return "a text file" }
        if head.allSatisfy({ $0 == 0 }) { return "a file of zeros: a download that was never filled in" }
        let bytes = head.prefix(4).map { hex($0) }.joined(separator: " ")
        return "binary data of another kind (it starts with the bytes \(bytes))"
    }

    private static let signatures: [(String, String)] = [
        ("version https://git-lfs", "a Git LFS pointer; run `git lfs pull` to get the file itself"),
        ("PK", "a zip archive; a PyTorch checkpoint of this kind should end in .bin"),
        ("lmgg", "a ggml file from before GGUF; download or convert the model again"),
        ("fmgg", "a ggml file from before GGUF; download or convert the model again"),
        ("tjgg", "a ggml file from before GGUF; download or convert the model again"),
        ("%PDF", "a PDF document"),
        ("\u{7f}ELF", "a program"),
    ]

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}
