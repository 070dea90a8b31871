import Chat
import Digests
import Engine
import Synchronization

/// The names of pages that don't change any more, so that each is hashed once.
final class PageDigests: Sendable {
    private struct Entry {
        let page: StatePage
        let digest: String
    }

    /// Conversations whose pages at one place in the sequence are remembered: branches, mostly.
    private static let branches = 4

    /// By the page's place in the sequence.
    private let entries = Mutex<[Int: [Entry]]>([:])

    /// The digest of the page with a number; `isFull` says that it will stay as it is.
    func digest(of page: StatePage, number: Int, isFull: Bool) -> String {
        let known = entries.withLock { $0[number]?.first { $0.page.isSame(as: page) }?.digest }
        if let known { return known }
        let digest = SnapshotCoding.digest(of: page.blocks)
        if isFull {
            entries.withLock { entries in
                entries[number, default: []].append(Entry(page: page, digest: digest))
                if entries[number, default: []].count > Self.branches { entries[number]?.removeFirst() }
            }
        }
        return digest
    }

    /// Forgets pages, so that their memory can go.
    func clear() {
        entries.withLock { $0 = [:] }
    }
}
