import Chat
import Foundation
import Inference
import Launch
import SessionStore

/// A state in a file: of an exported session the one where it stands, unless another turn is named.
struct StatePlace {
    let file: StateFile
    /// The index of the turn; 0 in a snapshot.
    let turn: Int
    /// The turns of an exported session; nil in a snapshot.
    let timeline: Timeline?

    /// Reads the file's header and finds the turn.
    ///
    /// - Parameter turn: a turn, bookmark or branch
    /// - Throws: `LaunchError` with status `.session`, or `.usage` where a snapshot has no turns
    init(_ path: String, turn name: String?) throws {
        let file = try SessionPlace.reportingErrors { try StateFile(path, page: StateFiles.page(of: path)) }
        self.file = file
        guard file.kind == .session else {
            if let name {
                throw LaunchError(
                    .usage, "there is no turn '\(name)' in '\(path)'", why: "it is a snapshot: one state, and no turns",
                    advice: "the same without a turn")
            }
            (turn, timeline) = (0, nil)
            return
        }
        let records = file.turns.enumerated().map { index, turn in
            TurnRecord(
                id: TurnID(Int64(index)), parent: turn.parent.map { TurnID(Int64($0)) }, content: turn.content,
                branch: turn.branch, bookmark: turn.bookmark)
        }
        guard let tree = Timeline(records, current: TurnID(Int64(file.current))) else {
            throw LaunchError(.session, "there are no turns in '\(path)'")
        }
        guard let place = name.map({ tree.turn(named: $0) }) ?? file.current else {
            throw LaunchError(
                .session, "there is no turn '\(name ?? "")' in '\(path)'",
                why: "its turns are " + tree.turns.map(\.label).joined(separator: ", "))
        }
        (turn, timeline) = (place, tree)
    }

    /// The turn's label; nil in a snapshot.
    var label: String? { timeline?.turns[turn].label }

    /// The file's name, with the turn's label where it has one.
    var name: String { URL(filePath: file.path).lastPathComponent + (label.map { "@\($0)" } ?? "") }

    /// What the header says of the state.
    ///
    /// - Throws: `LaunchError` that names the turns that have one, where this one has none
    func state() throws -> StateFile.State {
        if let state = file.states[turn] { return state }
        let kept = file.states.keys.sorted().compactMap { timeline?.turns[$0].label }
        throw LaunchError(
            .session, "no state of turn \(label ?? "") is kept in '\(file.path)'",
            why: kept.isEmpty ? "it has none at all" : "it has those of the turns " + kept.joined(separator: ", "),
            advice: "hiss session import \(file.path), which reads again what is missing")
    }

    /// Reads the state itself.
    func checkpoint(_ engine: LocalEngine) async throws -> Checkpoint {
        _ = try state()
        let path = file.path
        return try await SessionPlace.reportingErrors {
            guard file.kind == .session else {
                let files = SnapshotFiles(main: path, page: StateFiles.page(of: path))
                return try await engine.decode(files, answer: [])
            }
            guard let checkpoint = try await engine.decodeSession(path).turns[turn].checkpoint else {
                throw ChatFailure(what: "no state of turn \(label ?? "") is kept in '\(path)'")
            }
            return try await checkpoint()
        }
    }
}

/// Where the files of a store's snapshot lie.
enum StateFiles {
    /// The paths of the pages that the snapshot at `path` names: beside it, as a store has them.
    static func page(of path: String) -> @Sendable (String) -> String {
        let folder = URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        return { StoreFolder(folder).file($0) }
    }
}
