import Digests
import Testing

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func digestsAreThoseOfTheStandard(text: String, expected: String) {
        #expect(SHA256.digest(of: Array(text.utf8)).description == expected)
    }

    @Test func piecesMakeNoDifference() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
        for count in 0...bytes.count {
            let whole = SHA256.digest(of: Array(bytes[..<count]))
            for piece in [1, 63, 64, 65] {
                var hash = SHA256()
                for start in stride(from: 0, to: count, by: piece) {
                    hash.update(Array(bytes[start..<min(start + piece, count)]))
                }
                #expect(hash.finish() == whole)
            }
        }
    }

    @Test func aDigestIsReadBackFromItsDigits() {
        let digest = SHA256.digest(of: [1, 2, 3])
        #expect(Digest(digest.description) == digest)
        #expect(digest.short == String(digest.description.prefix(8)))
    }

    @Test(arguments: ["", "12", String(repeating: "g", count: 64), String(repeating: "A", count: 64)])
    func otherTextIsNoDigest(text: String) {
        #expect(Digest(text) == nil)
    }
}
