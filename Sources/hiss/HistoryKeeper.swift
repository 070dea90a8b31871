import Terminal

/// Writes the lines that were sent into the history file; a slow disk is not felt at the keyboard.
actor HistoryKeeper {
    private let file: HistoryFile
    /// What the reader has been told.
    private var told: String?

    init(_ file: sending HistoryFile) {
        self.file = file
        told = file.problem
    }

    /// Adds a line; returns why it could not be written, once.
    func add(_ line: String) -> String? {
        file.add(line)
        guard let problem = file.problem, problem != told else { return nil }
        told = problem
        return problem
    }
}
