import ArgumentParser
import Digests
import Engine
import JSON
import Launch
import Screen
import Weights

/// Checks every byte of a model.
struct ModelVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Decode every tensor of a model, and print the SHA-256 of its files.",
        discussion: "Leaves with 3 and the names of the tensors that are bad, if any are.")

    @OptionGroup var argument: ModelArgument

    func run() throws {
        let path = try argument.locate()
        let file = try ModelPlan.reportingErrors { try WeightFile.open(path) }
        var bad = Self.badTensors(of: file, progress: progress)
        do {
            _ = try ModelOutline(file)
        } catch {
            bad.append((file.name, "\(error)"))
        }
        let digests = try ModelFiles.paths(of: file, at: path).map { path in
            (path, try FileDigest.of(path, status: .model) { progress.show("hashing \(path): \($0 >> 20) MiB") })
        }
        progress.finish()
        try argument.json ? writeJSON(file, bad, digests) : writeText(file, bad, digests)
        guard bad.isEmpty else { throw ExitStatus.model }
    }

    private var progress: ProgressLine { ProgressLine(isShown: !argument.notes.quiet && !argument.json) }

    /// Returns the names of tensors that can't be decoded or hold what is no finite number, and why.
    private static func badTensors(of file: WeightFile, progress: ProgressLine) -> [(name: String, why: String)] {
        file.tensors.enumerated().compactMap { number, tensor in
            progress.show("checking tensor \(number + 1) of \(file.tensors.count)")
            do {
                guard let index = try TensorCheck.firstNonFinite(tensor) else { return nil }
                return (tensor.name, "element \(index) of \(tensor.elementCount) is no finite number")
            } catch {
                return (tensor.name, "\(error)")
            }
        }
    }

    private func writeText(
        _ file: WeightFile, _ bad: [(name: String, why: String)], _ digests: [(path: String, digest: String)]
    ) throws {
        for (path, digest) in digests {
            try Output.standardOutput.write("\(digest)  \(InertText.plain(path))\n")
        }
        guard !bad.isEmpty else {
            return try Output.standardOutput.write(
                "\(InertText.plain(file.name)): \(file.tensors.count) tensors decode, are finite and have the right shapes\n"
            )
        }
        let lines = bad.map { InertText.plain("  \($0.name): \($0.why)") }
        try Output.standardError.write(
            "hiss: \(InertText.plain(file.name)) is damaged\n\(lines.joined(separator: "\n"))\n"
                + "  try: download or copy it again\n")
    }

    private func writeJSON(
        _ file: WeightFile, _ bad: [(name: String, why: String)], _ digests: [(path: String, digest: String)]
    ) throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("ok", bad.isEmpty)
        json.field("tensors", file.tensors.count)
        json.key("files")
        json.beginArray()
        for (path, digest) in digests {
            json.beginObject()
            json.field("path", path)
            json.field("sha256", digest)
            json.endObject()
        }
        json.endArray()
        json.key("bad")
        json.beginArray()
        for (name, why) in bad {
            json.beginObject()
            json.field("name", name)
            json.field("why", why)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}
