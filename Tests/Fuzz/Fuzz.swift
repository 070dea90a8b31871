import Foundation
import Glibc

/// What libFuzzer calls, in place of a `main`: the environment says which target runs.
///
/// `HISS_FUZZ_TARGET` is its name. With `HISS_FUZZ_SEEDS`, a folder, its seeds are written there and that is all; with
/// an unknown name the known ones are printed. `.ci/fuzz` does both.
enum Fuzz {
    /// The target that runs in this process.
    static let target: (any FuzzTarget)? = {
        do { return try chosen()?.init() } catch { quit("hiss-fuzz: \(error)", status: 1) }
    }()

    /// Before the first input: does without libFuzzer what can be done without it.
    static func prepare() {
        guard let target = chosen() else {
            quit(FuzzTargets.all.map { $0.name }.joined(separator: "\n"), status: 2)
        }
        guard let folder = ProcessInfo.processInfo.environment["HISS_FUZZ_SEEDS"] else { return }
        do {
            for (name, bytes) in try target.seeds() {
                guard InputFile.write(bytes, to: "\(folder)/\(name)") else {
                    quit("hiss-fuzz: can't write \(folder)/\(name)", status: 1)
                }
            }
        } catch { quit("hiss-fuzz: \(error)", status: 1) }
        exit(0)
    }

    private static func chosen() -> (any FuzzTarget.Type)? {
        let name = ProcessInfo.processInfo.environment["HISS_FUZZ_TARGET"]
        return FuzzTargets.all.first { $0.name == name }
    }

    private static func quit(_ message: String, status: CInt) -> Never {
        print(message)
        exit(status)
    }
}

/// libFuzzer's hook before the first input.
@c(LLVMFuzzerInitialize)
func initializeFuzzer(_ count: UnsafeMutablePointer<CInt>?, _ words: UnsafeMutableRawPointer?) -> CInt {
    Fuzz.prepare()
    return 0
}

/// libFuzzer's hook for each input.
@c(LLVMFuzzerTestOneInput)
func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Fuzz.target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
