/// Whether to use colour: always, never, or where it makes sense.
package nonisolated enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never

    /// Decides from the flag, the environment and the kind of output, in that order.
    ///
    /// `--color`, then `HISS_COLOR`, `NO_COLOR` (https://no-color.org), `CLICOLOR_FORCE`, `CLICOLOR`
    /// (https://bixense.com/clicolors), and last whether the output is a terminal that isn't `dumb`. An `auto` leaves
    /// the decision to what comes after it.
    ///
    /// - Throws: when `HISS_COLOR` is set to another word.
    package static func isOn(
        flag: ColorChoice?, environment: [String: String], isTerminal: Bool
    ) throws(TerminalError) -> Bool {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let flag, flag != .auto { return flag == .always }
        if let word = value("HISS_COLOR") {
            guard let choice = ColorChoice(rawValue: word) else {
                throw TerminalError(
                    .setting, "HISS_COLOR is \"\(word)\"; it can be auto, always or never. Set one of them or unset it."
                )
            }
            if choice != .auto { return choice == .always }
        }
        if value("NO_COLOR") != nil { return false }
        if let force = value("CLICOLOR_FORCE"), force != "0" { return true }
        if value("CLICOLOR") == "0" { return false }
        return isTerminal && value("TERM") != "dumb"
    }
}
