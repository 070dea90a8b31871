import SessionStore
import Testing

struct StoreFolderTests {
    @Test func filesAreSpreadOverFoldersByTheirDigest() {
        #expect(StoreFolder("/data").file("3fa1c0") == "/data/snapshots/3f/3fa1c0.safetensors")
    }
}
