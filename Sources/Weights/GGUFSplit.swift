/// Finds the other files of a GGUF that is split into shards named `…-00001-of-00003.gguf`.
enum GGUFSplit {
    /// Returns all shards in order, given any one of them; a whole file is its own only shard.
    static func shards(startingAt given: GGUF.Shard) throws(WeightError) -> [GGUF.Shard] {
        guard given.metadata["split.count"] != nil else { return [given] }
        let count = try given.metadata.requireInt("split.count")
        guard count != 1, count != 0 else { return [given] }
        let name = given.file.name
        let number = try given.metadata.requireInt("split.no")
        guard count > 1, number >= 0, number < count, count <= Int(UInt16.max) else {
            throw WeightError(
                .damaged,
                "\(name) says it is shard \(number) (from 0) of \(count), which can't be. The file is damaged.")
        }
        guard let stem = stem(of: given.file.path, number: number, count: count) else {
            throw WeightError(
                .unsupported,
                "\(name) is shard \(number + 1) of \(count), so its name should end in"
                    + " \(suffix(number: number, count: count)); without that the other shards can't be found."
                    + " Give the shards their original names.")
        }
        var shards: [GGUF.Shard] = []
        for other in 0..<count {
            shards.append(
                other == number ? given : try open(stem + suffix(number: other, count: count), other, of: count, name))
        }
        try checkTensorCount(shards)
        return shards
    }

    private static func suffix(number: Int, count: Int) -> String {
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
        }
        return "-\(padded(number + 1))-of-\(padded(count)).gguf"
    }

    private static func stem(of path: String, number: Int, count: Int) -> String? {
        let suffix = suffix(number: number, count: count)
        return path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : nil
    }

    private static func open(
        _ path: String, _ number: Int, of count: Int, _ given: String
    ) throws(WeightError) -> GGUF.Shard {
        let shard: GGUF.Shard
        do {
            shard = try GGUF.read(try MappedFile.open(path))
        } catch {
            guard error.code == .notFound else { throw error }
            throw WeightError(
                .notFound,
                "\(given) is one of \(count) shards; shard \(number + 1) was looked for at \(path) and is not there."
                    + " Put all shards into one directory under their original names.")
        }
        let (foundNumber, foundCount) = (shard.metadata.int("split.no"), shard.metadata.int("split.count"))
        guard foundNumber == number, foundCount == count else {
            let found =
                if let foundNumber, let foundCount {
                    "says it is shard \(foundNumber + 1) of \(foundCount)"
                } else { "does not say which shard it is" }
            throw WeightError(
                .damaged,
                "\(path) should be shard \(number + 1) of \(count), but \(found)."
                    + " The files do not belong together; download or copy them again.")
        }
        return shard
    }

    private static func checkTensorCount(_ shards: [GGUF.Shard]) throws(WeightError) {
        let found = shards.reduce(0) { $0 + $1.tensors.count }
        for shard in shards {
            guard let expected = shard.metadata.int("split.tensors.count"), expected != found else { continue }
            throw WeightError(
                .damaged,
                "The \(shards.count) shards of \(shards[0].file.name) hold \(found) tensors together, but"
                    + " \(shard.file.name) says \(expected). The files do not belong together;"
                    + " download or copy them again.")
        }
    }
}
