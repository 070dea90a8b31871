import Chat
import Engine
import JSON
import Weights

/// The places in a session's file, which is mapped: only what is asked for is read.
struct SessionFilePlaces: Sendable {
    private let file: SafetensorsFile
    private let coding: SnapshotCoding
    private let records: [SnapshotRecord]
    /// The tensors of a snapshot or page, with their names in it.
    private let tensors: [String: [(name: String, tensor: Tensor)]]

    /// Sorts what a file has, without reading it.
    ///
    /// - Throws: `ChatFailure` where its header does not say what belongs to what
    init(_ file: SafetensorsFile, coding: SnapshotCoding) throws {
        self.file = file
        self.coding = coding
        guard let records = try coding.header("snapshots", of: file).array else {
            throw coding.damaged(file, "its header has no snapshots")
        }
        self.records = try records.enumerated().map { number, record in
            try SnapshotRecord(record) { coding.damaged(file, "snapshot \(number): \($0)") }
        }
        var tensors: [String: [(name: String, tensor: Tensor)]] = [:]
        for tensor in file.tensors {
            let words = tensor.name.split(separator: ".", maxSplits: 2)
            guard words.count == 3 else { throw coding.damaged(file, "\(tensor.name) belongs to nothing") }
            tensors["\(words[0]).\(words[1])", default: []].append((String(words[2]), tensor))
        }
        self.tensors = tensors
    }

    /// Throws where the file has no snapshot of this number, or not all of its pages.
    func check(_ number: Int) throws {
        guard records.indices.contains(number) else { throw coding.damaged(file, "snapshot \(number) is missing") }
        if let page = records[number].pages.first(where: { tensors["pages.\($0)"] == nil }) {
            throw coding.damaged(file, "the page \(page.prefix(12))… of snapshot \(number) is missing")
        }
    }

    /// Reads a snapshot that was checked.
    func snapshot(_ number: Int) throws -> ConversationSnapshot {
        try coding.snapshot(
            records[number], blocks: blocks("snapshots.\(number)"), pages: records[number].pages.map(page), file)
    }

    private func page(_ digest: String) throws -> [StateBlock] {
        let blocks = blocks("pages.\(digest)")
        guard SnapshotCoding.digest(of: blocks) == digest else {
            throw coding.damaged(file, "the page \(digest.prefix(12))… has other bytes than its name says")
        }
        return blocks
    }

    private func blocks(_ owner: String) -> [StateBlock] {
        (tensors[owner] ?? []).map { SnapshotCoding.block($0.tensor, name: $0.name) }
    }
}
