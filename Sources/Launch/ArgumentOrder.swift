/// Lets options stand before the subcommand as well as after it.
package enum ArgumentOrder {
    /// Options that are followed by a value, of those that can stand before a subcommand.
    static let optionsWithValue: Set<String> = [
        "-m", "--model", "-t", "--threads", "--precision", "--config", "--temp", "--top-p", "--top-k", "--min-p",
        "--repeat-penalty", "--seed", "--system", "--theme", "--color",
    ]

    /// Returns `arguments` with the subcommand, if one follows after options only, moved to the front.
    package static func subcommandFirst(_ arguments: [String], subcommands: Set<String>) -> [String] {
        var index = 0
        while index < arguments.count, arguments[index].hasPrefix("-"), arguments[index] != "--" {
            index += optionsWithValue.contains(arguments[index]) ? 2 : 1
        }
        guard index < arguments.count, subcommands.contains(arguments[index]) else { return arguments }
        return [arguments[index]] + arguments[..<index] + arguments[(index + 1)...]
    }
}
