/// What a theme can style, by the name that theme files use.
public enum StyleName: String, Sendable, CaseIterable {
    case text, title, prompt, dim, hint, warn, error, code, heading, key, select, match
    case youLabel = "you.label"
    case modelLabel = "model.label"
}

/// Which gauges a theme can colour, by the name that theme files use.
public enum GradientName: String, Sendable, CaseIterable {
    case rate, state
}

/// How the screen looks.
public struct Theme: Sendable, Equatable {
    /// The terminal backgrounds that a theme is made for.
    public enum Background: String, Sendable, CaseIterable {
        case dark, light, any
    }

    public var name: String
    public var background: Background
    var styles: [StyleName: Style]
    var gradients: [GradientName: [Color]]

    init(name: String, background: Background, styles: [StyleName: Style], gradients: [GradientName: [Color]]) {
        self.name = name
        self.background = background
        self.styles = styles
        self.gradients = gradients
    }

    /// The style of a name; a name that the theme leaves out looks like `text`, and so does a colour it leaves out.
    public subscript(name: StyleName) -> Style {
        let text = styles[.text] ?? Style()
        guard var style = styles[name] else { return text }
        if style.foreground == .terminal { style.foreground = text.foreground }
        if style.background == .terminal { style.background = text.background }
        return style
    }

    /// The colour of a gauge at `fraction` of its range, or nil if the theme doesn't colour it.
    ///
    /// Between two RGB colours it is mixed; between others the nearer one is taken.
    public func color(_ name: GradientName, at fraction: Double) -> Color? {
        guard let colors = gradients[name], let last = colors.indices.last else { return nil }
        let place = min(1, max(0, fraction)) * Double(last)
        let lower = Int(place)
        let upper = min(last, lower + 1)
        let share = place - Double(lower)
        guard case .rgb(let r0, let g0, let b0) = colors[lower], case .rgb(let r1, let g1, let b1) = colors[upper]
        else { return colors[share < 0.5 ? lower : upper] }
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded())
        }
        return .rgb(red: mix(r0, r1), green: mix(g0, g1), blue: mix(b0, b1))
    }
}

extension Theme {
    /// The theme for terminals without colour: what has a ground of its own is reversed instead.
    public var colorless: Theme {
        var theme = self
        let ground = self[.text].background
        for (name, style) in styles {
            var plain = Style(attributes: style.attributes)
            let hasOwnGround = style.background != .terminal && style.background != ground
            if name != .text && hasOwnGround { plain.attributes.insert(.reverse) }
            theme.styles[name] = plain
        }
        theme.gradients = [:]
        return theme
    }
}

/// A theme file that can't be used.
public struct ThemeError: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    public var line: Int?
    /// What is wrong with which key, and what may stand there.
    public var message: String

    public var description: String {
        "\(file):\(line.map { "\($0):" } ?? "") \(message)"
    }
}
