import Foundation

/// A condition that has not come true in time.
struct TimedOut: Error, CustomStringConvertible {
    var description: String
}

/// How many times as long as usual to wait: `HISS_TEST_PATIENCE`, for programs that a sanitizer slows down.
private let patience = ProcessInfo.processInfo.environment["HISS_TEST_PATIENCE"].flatMap(Int.init) ?? 1

/// Looks again and again until there is a result, and gives up after `limit`.
///
/// - Parameters:
///   - what: what is waited for, for the message
///   - state: what the message shows beside it
func waitFor<Result>(
    _ what: String, limit: Duration = .seconds(30), state: () -> String = { "" }, _ look: () throws -> Result?
) async throws -> Result {
    let clock = ContinuousClock()
    let deadline = clock.now + limit * patience
    while clock.now < deadline {
        if let result = try look() { return result }
        try await clock.sleep(for: .milliseconds(10))
    }
    throw TimedOut(description: "no \(what) within \(limit * patience); the state is:\n\(state())")
}

/// Looks again and again until the condition is true, and gives up after `limit`.
func waitUntil(
    _ what: String, limit: Duration = .seconds(30), state: () -> String = { "" }, _ condition: () throws -> Bool
) async throws {
    let _: Bool = try await waitFor(what, limit: limit, state: state) { try condition() ? true : nil }
}
