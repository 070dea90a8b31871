import Chat
import Foundation
import GRDB

/// What sessions may be called.
enum SessionName {
    /// The most characters.
    static let longest = 100

    /// The one form of a name that can be typed in several ways.
    static func normalized(_ name: String) -> String {
        name.precomposedStringWithCanonicalMapping.trimmingCharacters(in: .whitespaces)
    }

    /// Returns the name as it is kept.
    static func checked(_ name: String) throws -> String {
        let normal = normalized(name)
        func refusal(_ why: String) -> ChatFailure {
            ChatFailure(
                what: "can't call a session '\(name.prefix(longest))'", why: why, advice: "a name like kyoto or trip-2")
        }
        guard !normal.isEmpty else { throw refusal("a name has a character at least") }
        guard normal.count <= longest else {
            throw refusal("it has \(normal.count) characters, a name has \(longest) at most")
        }
        let forbidden = normal.unicodeScalars.first { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\u{200D}" && scalar != "\u{200C}"
            default: false
            }
        }
        if let forbidden {
            let digits = String(forbidden.value, radix: 16, uppercase: true)
            throw refusal(
                "it has the control character U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
        }
        return normal
    }

    /// Refuses a name that another session has, or that is another one's ID.
    static func refuseTaken(_ name: String, in database: Database) throws {
        let taken = try Row.fetchOne(
            database, sql: SessionRow.selection + " WHERE session.name = :name OR session.id = :name",
            arguments: ["name": name])
        guard let taken else { return }
        let info = SessionRow(unchecked: taken).info
        throw ChatFailure(
            what: "can't call a session '\(name)'",
            why: info.name == name
                ? "there is one with this name, of \(CountText.of(info.turns, "turn"))"
                : "it is the ID of the session '\(info.name)'",
            advice: "another name, or hiss -s \(StoreFolder.quoted(name)) to go on with that one")
    }

    /// Returns `base`, or with the first number from 2 on that makes it free.
    static func free(_ base: String, in database: Database) throws -> String {
        let names = Set(
            try String.fetchAll(
                database, sql: "SELECT name FROM session WHERE name >= ? AND name < ?", arguments: [base, base + "."]))
        guard names.contains(base) else { return base }
        var number = 2
        while names.contains("\(base)-\(number)") { number += 1 }
        return "\(base)-\(number)"
    }
}
