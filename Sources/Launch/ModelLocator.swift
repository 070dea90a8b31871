import DefaultModel
import FoundationEssentials

/// Finds a model's file by path or by name.
package struct ModelLocator: Sendable {
    /// The name of the model that comes with the program.
    package static let defaultName = DefaultModel.name

    /// Where names are looked up, first match first.
    package let searched: [String]

    package init(_ directories: Directories) {
        searched = [
            directories.data + "/models",
            directories.installed,
            directories.executable + "/" + DefaultModel.resourceDirectory,
        ]
    }

    /// Returns the path of the file that `reference` means.
    ///
    /// What has a slash or ends like a model's file is a path, as is a checkpoint's folder; of a split model the first
    /// shard is meant. All else is a name: a file's name without `.gguf` and shard numbers, or a checkpoint's folder; then the same in any case; then
    /// the beginning of exactly one.
    ///
    /// - Throws: `LaunchError` with status `.model`, saying where it looked and what is there.
    package func locate(_ reference: String) throws -> String {
        let endings = [".gguf", ".json", ".safetensors", ".bin"]
        let isPath =
            reference.contains("/") || endings.contains { reference.hasSuffix($0) } || Self.isCheckpoint(reference)
        let isOtherFolder = Self.isFolder(reference) && !Self.isCheckpoint(reference)
        if isPath, FileManager.default.fileExists(atPath: reference) {
            guard !isOtherFolder else { throw noCheckpoint(reference) }
            return reference
        }
        if reference.contains("/") || reference.hasSuffix(".json") { throw missingFile(reference) }

        let entries = searched.flatMap { Self.entries(of: $0) }
        if let exact = entries.first(where: { $0.isNamed(reference) }) { return exact.path }
        let lowercased = reference.lowercased()
        let sameLetters = entries.filter { $0.stem.lowercased() == lowercased || $0.file.lowercased() == lowercased }
        if let found = try single(of: sameLetters, for: reference) { return found.path }
        let beginning = entries.filter { $0.stem.lowercased().hasPrefix(lowercased) }
        if let found = try single(of: beginning, for: reference) { return found.path }
        throw isOtherFolder ? noCheckpoint(reference) : unknownName(reference, entries)
    }

    /// A model that can be named.
    package struct Listed: Sendable, Equatable {
        /// What to call it.
        package let name: String
        /// Its file, its first shard or its folder.
        package let path: String
        /// The size of all its files.
        package let byteCount: Int
    }

    /// Returns the models that names are looked up among, in that order; of two with one name the first counts.
    package func models() -> [Listed] {
        var seen: Set<String> = []
        return searched.flatMap { Self.entries(of: $0) }.compactMap { entry in
            let name = entry.file == DefaultModel.fileName ? DefaultModel.name : entry.stem
            guard seen.insert(name).inserted else { return nil }
            return Listed(name: name, path: entry.path, byteCount: Self.byteCount(of: entry))
        }
    }

    /// The size of a model's file, of all its shards, or of the files in its folder.
    private static func byteCount(of entry: Entry) -> Int {
        let files = FileManager.default
        let folder = isCheckpoint(entry.path) ? entry.path : entry.directory
        let names = (try? files.contentsOfDirectory(atPath: folder)) ?? []
        // model-00001-of-00003.gguf and its like.
        let isShard = { (name: String) in
            name.hasPrefix(entry.stem + "-") && name.hasSuffix(entry.file.suffix("-of-00000.gguf".count))
        }
        let isSplit = entry.file != entry.stem + ".gguf"
        let own = names.filter { folder == entry.path || (isSplit ? isShard($0) : $0 == entry.file) }
        return own.reduce(0) { sum, name in
            let size = try? files.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
            return sum + (size ?? 0)
        }
    }

    /// Whether a path is the folder of a Hugging Face checkpoint.
    private static func isCheckpoint(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/config.json")
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
    }

    /// A model that a directory holds.
    private struct Entry {
        var directory: String
        var file: String
        /// The file's name without its ending and shard numbers.
        var stem: String

        var path: String { directory + "/" + file }

        func isNamed(_ name: String) -> Bool {
            name == stem || name == file || (name == DefaultModel.name && file == DefaultModel.fileName)
        }
    }

    private static func entries(of directory: String) -> [Entry] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return files.sorted().compactMap { file in
            let name = isCheckpoint("\(directory)/\(file)") ? file : stem(of: file)
            return name.map { Entry(directory: directory, file: file, stem: $0) }
        }
    }

    /// The name of the model in a file called `file`; nil for other files and for shards after the first.
    private static func stem(of file: String) -> String? {
        guard file.hasSuffix(".gguf") else { return nil }
        let stem = file.dropLast(".gguf".count)
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        let isNumber = { (part: Substring) in part.count == 5 && part.allSatisfy { ("0"..."9").contains($0) } }
        guard parts.count > 3, let shards = parts.last, isNumber(shards), parts[parts.count - 2] == "of",
            isNumber(parts[parts.count - 3])
        else { return String(stem) }
        return parts[parts.count - 3] == "00001" ? parts.dropLast(3).joined(separator: "-") : nil
    }

    /// The only model among `entries`, nil if there is none; a file shadows its namesakes in later directories.
    private func single(of entries: [Entry], for reference: String) throws -> Entry? {
        guard let first = entries.first else { return nil }
        let names = Set(entries.map(\.file))
        guard names.count > 1 else { return first }
        throw LaunchError(
            .model, "'\(reference)' could mean more than one model",
            why: names.sorted().map { Self.stem(of: $0) ?? $0 }.joined(separator: "\n"),
            advice: "hiss -m \(Self.stem(of: first.file) ?? first.file)")
    }

    /// A folder of models, or any other that is none.
    private func noCheckpoint(_ folder: String) -> LaunchError {
        let files = Self.entries(of: folder)
        let place = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let found = files.isEmpty ? "" : "; models in it: " + files.map(\.file).joined(separator: ", ")
        return LaunchError(
            .model, "'\(folder)' is a folder and no model",
            why: "a checkpoint's folder has a config.json, and this one has none" + found,
            advice: files.first.map { "hiss -m \(place)/\($0.file)" }
                ?? "hiss -m \(DefaultModel.name)     (the model that comes with hiss)")
    }

    private func missingFile(_ path: String) -> LaunchError {
        LaunchError(
            .model, "no model at '\(path)'", why: "there is no such file, or it can't be reached",
            advice: "hiss -m \(DefaultModel.name)     (the model that comes with hiss)")
    }

    private func unknownName(_ name: String, _ entries: [Entry]) -> LaunchError {
        var why = ["searched:"] + searched.map { "  " + $0 }
        let names = Set(entries.map { $0.file == DefaultModel.fileName ? DefaultModel.name : $0.stem })
        if names.isEmpty {
            why.append("no model is there")
        } else {
            why.append("found: " + names.sorted().joined(separator: ", "))
        }
        return LaunchError(
            .model, "no model is called '\(name)'", why: why.joined(separator: "\n"),
            advice: "hiss -m FILE.gguf     or: mkdir -p \(searched[0]) && cp FILE.gguf \(searched[0])")
    }
}
