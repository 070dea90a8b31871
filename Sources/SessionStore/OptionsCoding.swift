import Chat
import JSON

/// Options, metrics and settings as the texts that rows have.
enum OptionsCoding {
    static func encode(_ options: GenerationOptions) -> String { text { $0.write(options) } }

    static func options(_ text: String) throws -> GenerationOptions {
        GenerationOptions(try JSONValue(parsing: Array(text.utf8)))
    }

    static func encode(_ metrics: Metrics) -> String { text { $0.write(metrics) } }

    static func metrics(_ text: String) throws -> Metrics { Metrics(try JSONValue(parsing: Array(text.utf8))) }

    static func encode(_ settings: [String: String]) -> String {
        text { json in
            json.beginObject()
            for (name, value) in settings.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
            json.endObject()
        }
    }

    static func settings(_ text: String) throws -> [String: String] {
        let members = try JSONValue(parsing: Array(text.utf8)).object ?? []
        return Dictionary(members.map { ($0.name, $0.value.string ?? "") }) { $1 }
    }

    private static func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.drain(), as: UTF8.self)
    }
}
