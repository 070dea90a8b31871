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

    /// A style that is hard to read, with its contrast.
    public struct WeakStyle: Sendable, Equatable {
        public var name: StyleName
        public var contrast: Double
    }

    /// The styles whose two colours are given and too close to each other.
    public var weakStyles: [WeakStyle] {
        StyleName.allCases.compactMap { name in
            guard let contrast = Color.contrast(self[name].foreground, self[name].background),
                contrast < Self.minimumContrast
            else { return nil }
            return WeakStyle(name: name, contrast: contrast)
        }
    }
}
