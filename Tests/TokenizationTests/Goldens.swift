import Foundation
import Tokenization

/// The reference's results for a tokenizer: texts with their ids, made by Hugging Face's tokenizers library.
struct TokenizerGolden: Decodable {
    struct Case: Decodable, Sendable {
        let text: String
        let ids: [Int32]
        let ids_with_special: [Int32]?
        let ids_special_as_text: [Int32]?
        let decoded: String
        let decoded_skip_special: String
    }
    struct DecodeCase: Decodable, Sendable {
        let ids: [Int32]
        let decoded: String
        let token_bytes: [String]
    }
    let vocab_size: Int
    let special_tokens: [String: Int32]
    let cases: [Case]
    let decode_cases: [DecodeCase]
}

/// A conversation with the prompt and ids that the reference makes of it.
struct ChatGolden: Decodable {
    struct Message: Decodable {
        let role: String
        let content: String
    }
    let messages: [Message]
    let prompt_text: String
    let prompt_ids: [Int32]
}

enum Goldens {
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(
            try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)"))
        )
    }

    static func tokenizer(_ name: String = "smollm2") throws -> TokenizerGolden {
        try JSONDecoder().decode(TokenizerGolden.self, from: Data(try bytes("\(name).fixtures.json")))
    }

    static func chats() throws -> [ChatGolden] {
        try JSONDecoder().decode([ChatGolden].self, from: Data(try bytes("smolmamba2.chats.json")))
    }

    /// Read once, since it takes a while without optimisation.
    static let smolLM2 = Result {
        try TokenizerJSON.read(
            try bytes("smollm2.tokenizer.json"), source: "tokenizer.json",
            roles: .init(bos: "<|im_start|>", eos: "<|im_end|>", unknown: "<|endoftext|>", padding: "<|im_end|>"))
    }
}

/// Swift calls `é` equal however it is spelled; ids and bytes do not.
func sameBytes(_ first: String, _ second: String) -> Bool { Array(first.utf8) == Array(second.utf8) }
