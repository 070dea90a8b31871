/// How many colours a terminal shows.
public enum ColorDepth: Sendable, Hashable, CaseIterable {
    /// No colour; bold, reverse and the like stay.
    case mono
    case ansi16, indexed256, trueColor
}

extension Style {
    /// The nearest style that a terminal of this depth shows.
    public func reduced(to depth: ColorDepth) -> Style {
        Style(
            foreground: foreground.reduced(to: depth), background: background.reduced(to: depth),
            attributes: attributes)
    }
}

extension Color {
    /// The nearest colour that a terminal of this depth shows.
    public func reduced(to depth: ColorDepth) -> Color {
        switch (depth, self) {
        case (_, .terminal), (.mono, _): .terminal
        case (.trueColor, _): self
        case (.indexed256, .indexed): self
        case (.indexed256, .rgb(let red, let green, let blue)):
            // The first 16 are whatever the user's terminal says, so they are no match for an exact colour.
            .indexed(Self.nearest(to: (red, green, blue), in: 16..<256))
        case (.ansi16, .indexed(let index)):
            index < 16 ? self : .indexed(Self.nearest(to: Self.palette[Int(index)], in: 0..<16))
        case (.ansi16, .rgb(let red, let green, let blue)):
            .indexed(Self.nearest(to: (red, green, blue), in: 0..<16))
        }
    }

    /// What xterm shows for an indexed colour.
    public static func xterm(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
        palette[Int(index)]
    }

    typealias RGB = (red: UInt8, green: UInt8, blue: UInt8)

    /// The 256 colours of xterm: 16 basic ones, a 6×6×6 cube, 24 greys.
    static let palette: [RGB] = {
        let basic: [RGB] = [
            (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
            (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255),
            (0, 255, 255), (255, 255, 255),
        ]
        let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
        let cube: [RGB] = (0..<216).map { (steps[$0 / 36], steps[$0 / 6 % 6], steps[$0 % 6]) }
        let greys: [RGB] = (0..<24).map { step in
            let value = UInt8(8 + 10 * step)
            return (value, value, value)
        }
        return basic + cube + greys
    }()

    private static func nearest(to color: RGB, in range: Range<Int>) -> UInt8 {
        func distance(_ index: Int) -> Int {
            let other = palette[index]
            let red = Int(color.red) - Int(other.red)
            let green = Int(color.green) - Int(other.green)
            let blue = Int(color.blue) - Int(other.blue)
            return red * red + green * green + blue * blue
        }
        return UInt8(range.min { distance($0) < distance($1) } ?? range.lowerBound)
    }
}
