/// Where a setting's value comes from.
package enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    /// The session of this name.
    case session(String)
    case configuration(path: String, line: Int?)
    case builtIn

    package var description: String {
        switch self {
        case .flag(let flag): flag
        case .environment(let variable): variable
        case .session(let name): "session '\(name)'"
        case .configuration(let path, let line): line.map { "\(path):\($0)" } ?? path
        case .builtIn: "built in"
        }
    }
}

/// A value, and where it comes from.
package struct Setting<Value: Sendable>: Sendable {
    package var value: Value
    package var origin: SettingOrigin

    package init(value: Value, origin: SettingOrigin) {
        self.value = value
        self.origin = origin
    }
}

extension Setting: Equatable where Value: Equatable {}

/// What a session brings: it goes on as it was made.
package struct SessionSettings: Sendable, Equatable {
    package var name: String
    /// Values by the names that the configuration file has for them.
    package var values: [String: String]

    package init(name: String, values: [String: String]) {
        self.name = name
        self.values = values
    }
}

/// The places that settings come from, most important first: flags, the environment, the session, the configuration file.
package struct Settings: Sendable {
    package let environment: [String: String]
    /// The session that goes on, if any.
    package var session: SessionSettings?
    package let configuration: Configuration

    package init(environment: [String: String], configuration: Configuration) {
        self.environment = environment
        self.configuration = configuration
    }

    /// Returns the value of `key` from the first place that has one, else `builtIn`.
    ///
    /// - Parameter flag: what the command line says, if anything
    /// - Throws: `LaunchError` with status `.usage` where that place's value is not allowed.
    package func value<Value>(
        of key: SettingKey<Value>, flag: String?, builtIn: Value
    ) throws -> Setting<Value> {
        try value(of: key, flag: flag) ?? Setting(value: builtIn, origin: .builtIn)
    }

    /// Returns the value of `key` from the first place that has one.
    package func value<Value>(of key: SettingKey<Value>, flag: String?) throws -> Setting<Value>? {
        if let flag {
            return try setting(key, flag, .flag(key.flag))
        }
        // An empty variable counts as none, as with NO_COLOR.
        if let text = environment[key.environmentName], !text.isEmpty {
            return try setting(key, text, .environment(key.environmentName))
        }
        if let session, let text = session.values[key.name] {
            return try setting(key, text, .session(session.name))
        }
        if let entry = configuration.entries[key.name] {
            return try setting(key, entry.text, .configuration(path: configuration.path, line: entry.line))
        }
        return nil
    }

    private func setting<Value>(
        _ key: SettingKey<Value>, _ text: String, _ origin: SettingOrigin
    ) throws -> Setting<Value> {
        if let value = key.read(text) { return Setting(value: value, origin: origin) }
        let separator =
            switch origin {
            case .environment: "="
            default: " "
            }
        throw LaunchError(
            .usage, "\(origin) cannot be '\(text)'", why: "it has to be \(key.expected)",
            advice: "\(origin)\(separator)\(key.example)")
    }
}

extension Settings {
    /// Every setting with its value as text and where that comes from, sorted by name.
    ///
    /// - Parameter flags: what the command line says, by the settings' names
    /// - Throws: `LaunchError` with status `.usage` where a value is not allowed.
    package func listing(
        flags: [String: String] = [:]
    ) throws -> [(name: String, value: String, origin: SettingOrigin)] {
        try SettingKeys.inConfiguration.sorted { $0.key < $1.key }.map { name, key in
            if let text = flags[name] { return (name, text, .flag(key.flag)) }
            if let text = environment[key.environmentName], !text.isEmpty {
                guard key.accepts(text) else {
                    throw LaunchError(
                        .usage, "\(key.environmentName) cannot be '\(text)'", why: "it has to be \(key.expected)",
                        advice: "\(key.environmentName)=\(key.example)")
                }
                return (name, text, .environment(key.environmentName))
            }
            if let session, let text = session.values[name] { return (name, text, .session(session.name)) }
            if let entry = configuration.entries[name] {
                return (name, entry.text, .configuration(path: configuration.path, line: entry.line))
            }
            return (name, key.builtIn, .builtIn)
        }
    }
}

extension Settings {
    /// Whether to draw in colour on a stream.
    ///
    /// A choice made for this program comes first, then what the environment asks of all programs.
    package func usesColor(_ choice: Setting<ColorChoice>, isTerminal: Bool) -> Bool {
        switch choice.value {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        if isSet("NO_COLOR") { return false }
        if isSet("CLICOLOR_FORCE"), environment["CLICOLOR_FORCE"] != "0" { return true }
        if environment["CLICOLOR"] == "0" { return false }
        return isTerminal && environment["TERM"] != "dumb"
    }

    private func isSet(_ variable: String) -> Bool {
        environment[variable].map { !$0.isEmpty } ?? false
    }
}
