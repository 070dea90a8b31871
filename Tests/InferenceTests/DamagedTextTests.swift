import Engine
import Foundation
import Inference
import TestSupport
import Testing
import Tokenization
import Weights

/// Damaged files about text, beside a checkpoint's weights: an error that says what is wrong, or a model that reads text.
///
/// Each test runs in a process of its own, whose end by a signal is a failure.
@Suite struct DamagedTextTests {
    private static let files: [(name: String, bytes: [UInt8])] = [
        (
            "tokenizer.json",
            Array(
                #"""
                {"added_tokens": [{"id": 4, "content": "<|end|>", "special": true}, {"id": 5, "content": "<s>", "special": true}],
                 "normalizer": {"type": "NFC"},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3}, "merges": ["a b"]},
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, "decoder": {"type": "ByteLevel"}}
                """#.utf8)
        ),
        (
            "tokenizer_config.json",
            Array(#"{"bos_token": {"content": "<s>"}, "eos_token": "<|end|>", "add_bos_token": true}"#.utf8)
        ),
        ("generation_config.json", Array(#"{"eos_token_id": [4, 2], "bos_token_id": 5}"#.utf8)),
        (
            "chat_template.jinja",
            Array(
                """
                {%- for message in messages %}{% if loop.first and message['role'] != 'system' %}{{ 'b' }}{% endif -%}
                {{ message.role + (message.content | trim) }}{{ '<|end|>' }}{% endfor %}
                """.utf8)
        ),
    ]

    /// A checkpoint's folder, in which one file is replaced at a time.
    private struct Folder {
        let directory: TemporaryDirectory
        private let pool = WorkerPool(workers: 1)

        init() throws {
            directory = try TemporaryDirectory()
            _ = try directory.write(TinyCheckpoint.config(), "config.json")
            _ = try directory.write(TinyCheckpoint.shards()[0].build(), "model.safetensors")
            for file in DamagedTextTests.files { _ = try directory.write(file.bytes, file.name) }
        }

        /// Loads the model, encodes and decodes a text and renders a conversation; false when a reader refuses that.
        func isUsed() throws -> Bool {
            do {
                let loaded = try LoadedModel(
                    path: directory.url.path, options: LoadOptions(precision: .fast, threads: 1), pool: pool)
                _ = loaded.tokenizer.decode(
                    loaded.tokenizer.encode("ab <s>ba", specialTokens: true, addSpecial: true), skipSpecial: false)
                _ = try loaded.form.get().template.render(
                    [TemplateMessage(role: "user", content: "a")], addGenerationPrompt: true)
                return true
            } catch is TokenizationError {
                return false
            } catch is WeightError {
                return false
            } catch is EngineError {
                return false
            }
        }
    }

    @Test func undamagedFilesAreUsed() throws {
        #expect(try Folder().isUsed())
    }

    @Test(arguments: files.map { $0.name })
    func everyTruncationIsRefusedOrUsed(name: String) async {
        await #expect(processExitsWith: .success) { [name] in
            try ProcessLimits.apply(megabytes: 64, seconds: 300)
            let folder = try Folder()
            let bytes = DamagedTextTests.files.first { $0.name == name }?.bytes ?? []
            for count in bytes.indices {
                _ = try folder.directory.write(Array(bytes[..<count]), name)
                let isUsed = try folder.isUsed()
                // Part of a template can be a template; part of a JSON object is none.
                if isUsed, !name.hasSuffix(".jinja") { throw DamageError("\(name) is used when cut to \(count) bytes") }
            }
        }
    }

    @Test(arguments: files.map { $0.name })
    func wrongBitsAreRefusedOrUsed(name: String) async {
        await #expect(processExitsWith: .success) { [name] in
            try ProcessLimits.apply(megabytes: 64, seconds: 300)
            let folder = try Folder()
            let bytes = DamagedTextTests.files.first { $0.name == name }?.bytes ?? []
            var random = SeededGenerator(seed: 5)
            var refused = 0
            for _ in 0..<2000 {
                var damaged = bytes
                for _ in 0...random.next() % 3 {
                    damaged[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
                }
                _ = try folder.directory.write(damaged, name)
                if try !folder.isUsed() { refused += 1 }
            }
            guard refused > 200 else { throw DamageError("only \(refused) were refused") }
        }
    }
}
