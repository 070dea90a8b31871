import Foundation

/// What sanitizers were told: variables that programs have to inherit which tests start with an environment of their own.
package let sanitizerOptions = ProcessInfo.processInfo.environment.filter {
    ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
}
