import Foundation

extension Color {
    /// The colour's parts, if they don't depend on the terminal.
    private var fixed: RGB? {
        switch self {
        case .terminal: nil
        case .indexed(let index): index < 16 ? nil : Self.palette[Int(index)]
        case .rgb(let red, let green, let blue): (red, green, blue)
        }
    }

    /// Contrast from 1 to 21 (WCAG 2.2, "contrast ratio"); nil where the terminal chooses a colour.
    public static func contrast(_ first: Color, _ second: Color) -> Double? {
        guard let a = first.fixed.map(luminance), let b = second.fixed.map(luminance) else { return nil }
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    /// Relative luminance (WCAG 2.2).
    private static func luminance(_ color: RGB) -> Double {
        func linear(_ part: UInt8) -> Double {
            let value = Double(part) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
}

extension Theme {
    /// The least contrast of text (WCAG 2.2, level AA).
    public static let minimumContrast = 4.5

    /// A style or a gauge's colour that is hard to read, with its contrast.
    public struct WeakColor: Sendable, Equatable {
        /// As theme files call it: `dim`, `gauges.rate`.
        public var name: String
        public var contrast: Double
    }

    /// What has two colours that are given and too close to each other, as they are or as 256 colours show them.
    public var weakColors: [WeakColor] {
        let styles = StyleName.allCases.map { ($0.rawValue, self[$0].foreground, self[$0].background) }
        let ground = self[.text].background
        let gauges = GradientName.allCases.flatMap { name in
            (gradients[name] ?? []).map { ("gauges." + name.rawValue, $0, ground) }
        }
        return (styles + gauges).compactMap { name, foreground, background in
            let depths = [ColorDepth.trueColor, .indexed256].compactMap { depth in
                Color.contrast(foreground.reduced(to: depth), background.reduced(to: depth))
            }
            guard let contrast = depths.min(), contrast < Self.minimumContrast else { return nil }
            return WeakColor(name: name, contrast: contrast)
        }
    }
}
