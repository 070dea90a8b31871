/// Hashes of short byte strings.
enum ByteHash {
    /// Chosen anew in each process, so that no file can be made whose strings all collide.
    static let seed = UInt64.random(in: 0 ... .max)
    private static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// Returns the hash of bytes.
    @inline(__always)
    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = seed ^ (UInt64(truncatingIfNeeded: bytes.count) &* multiplier)
        let raw = UnsafeRawBufferPointer(bytes)
        var place = 0
        while place + 8 <= raw.count {
            hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place += 8
        }
        var tail: UInt64 = 0
        while place < raw.count {
            tail = tail << 8 | UInt64(raw[place])
            place += 1
        }
        return mix(hash ^ tail)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: multiplier)
        return product.high ^ product.low ^ (value >> 29)
    }
}

/// A set of byte strings, numbered from 0 in the order in which they came.
///
/// An open hash table over one array: a vocabulary of 50000 tokens takes a few milliseconds to enter, and looking up
/// allocates nothing. Strings are told apart by their bytes, where Swift's would count canonically equal ones as one.
struct ByteStringTable: Sendable {
    private var storage: [UInt8] = []
    private var ends: [Int] = []
    /// The upper half of the hash and the number plus one; 0 is empty.
    private var slots: [UInt64]

    /// Makes a table with room for so many strings.
    init(capacity: Int) {
        slots = [UInt64](repeating: 0, count: ByteStringTable.slotCount(capacity))
        ends.reserveCapacity(capacity)
        storage.reserveCapacity(capacity * 6)
    }

    private static func slotCount(_ capacity: Int) -> Int {
        var count = 64
        while count < capacity * 2 { count *= 2 }
        return count
    }

    /// Returns the number of a string with its hash, or nil where it is not in the table.
    @inline(__always)
    func number(of bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            let number = Int(entry & 0xffff_ffff) - 1
            if entry >> 32 == hash >> 32, isEqual(number, bytes) { return number }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private func isEqual(_ number: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = number > 0 ? ends[number - 1] : 0
        guard ends[number] - start == bytes.count else { return false }
        for offset in 0..<bytes.count where storage[start + offset] != bytes[offset] { return false }
        return true
    }

    /// Adds a string that is not in the table; there are no more strings than it has room for.
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) {
        storage.append(contentsOf: bytes)
        ends.append(storage.count)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = (hash >> 32) << 32 | UInt64(ends.count)
    }
}

/// The tokens that words are made of, by their bytes.
struct TokenIndex: Sendable {
    private var table: ByteStringTable
    private var ids: [Int32] = []

    /// Makes an index of tokens whose kinds are among `kinds`; where two have the same bytes, the first of the earliest
    /// kind counts.
    ///
    /// - Parameter bytes: appends what a token stands for within words, and returns whether it can stand there
    init(
        _ tokens: [String], _ kinds: [Vocabulary.Kind], of wanted: [Vocabulary.Kind],
        bytes: (Int, inout [UInt8]) -> Bool
    ) {
        table = ByteStringTable(capacity: tokens.count)
        ids.reserveCapacity(tokens.count)
        var buffer: [UInt8] = []
        for kind in wanted {
            for id in tokens.indices where kinds[id] == kind {
                buffer.removeAll(keepingCapacity: true)
                guard bytes(id, &buffer), !buffer.isEmpty else { continue }
                buffer.withUnsafeBufferPointer { bytes in
                    let hash = ByteHash.of(bytes)
                    guard table.number(of: bytes, hash: hash) == nil else { return }
                    table.add(bytes, hash: hash)
                    ids.append(Int32(id))
                }
            }
        }
    }

    /// Returns the token with these bytes, if there is one.
    @inline(__always)
    func id(of bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        table.number(of: bytes, hash: ByteHash.of(bytes)).map { ids[$0] }
    }
}
