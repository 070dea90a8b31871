package import Screen

/// The colours of a terminal, and the nearest of them to any colour.
package nonisolated struct Palette: Equatable {
    /// How many colours there are to choose from.
    package enum Depth: Equatable, Sendable {
        case none
        case eight
        case sixteen
        case indexed256
        /// Numbers from 8 on are 0xRRGGBB.
        case direct
    }

    package var depth: Depth

    /// - Parameter colors: 0 for none, as `cn_capabilities` tells it.
    package init(colors: Int, isDirect: Bool) {
        depth =
            switch colors {
            case _ where isDirect: .direct
            case 256...: .indexed256
            case 16...: .sixteen
            case 8...: .eight
            default: .none
            }
    }

    /// The number that ncurses wants: -1 for the terminal's own colour.
    package func number(of color: Color) -> Int32 {
        guard depth != .none else { return -1 }
        switch color {
        case .terminal: return -1
        case .indexed(let index): return number(ofIndexed: index)
        case .rgb(let red, let green, let blue): return number(of: RGB(Int(red), Int(green), Int(blue)))
        }
    }

    private func number(ofIndexed index: UInt8) -> Int32 {
        switch depth {
        case .none: -1
        case .indexed256: Int32(index)
        case .sixteen where index < 16: Int32(index)
        // The bright half of the palette is the plain half there.
        case .eight where index < 16: Int32(index % 8)
        case .direct where index < 8: Int32(index)
        default: number(of: RGB.xterm(index))
        }
    }

    private func number(of wanted: RGB) -> Int32 {
        switch depth {
        case .none: -1
        case .eight: nearest(to: wanted, among: 0..<8)
        case .sixteen: nearest(to: wanted, among: 0..<16)
        // The first 16 are what the user has made of them, so that their values are unknown.
        case .indexed256: nearest(to: wanted, among: 16..<256)
        // The first 8 numbers are the palette: the darkest blues shift by a step nobody sees.
        case .direct: max(8, Int32(wanted.red << 16 | wanted.green << 8 | wanted.blue))
        }
    }

    private func nearest(to wanted: RGB, among range: Range<Int>) -> Int32 {
        var best = range.lowerBound
        var least = Int.max
        for index in range {
            let distance = RGB.xterm(UInt8(index)).distance(to: wanted)
            if distance < least {
                best = index
                least = distance
            }
        }
        return Int32(best)
    }
}

/// A colour by its parts, 0 to 255.
private nonisolated struct RGB {
    var red: Int
    var green: Int
    var blue: Int

    init(_ red: Int, _ green: Int, _ blue: Int) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    func distance(to other: RGB) -> Int {
        func square(_ value: Int) -> Int { value * value }
        return square(red - other.red) + square(green - other.green) + square(blue - other.blue)
    }

    /// The 256 colours as xterm defines them: 16 named ones, a cube of 6 steps, 24 greys.
    static func xterm(_ index: UInt8) -> RGB {
        let number = Int(index)
        switch number {
        case 0..<8:
            let level = number == 7 ? 229 : 205
            return RGB((number & 1) * level, (number >> 1 & 1) * level, (number >> 2 & 1) * level)
        case 8: return RGB(127, 127, 127)
        case 9..<16:
            let bits = number - 8
            let least = bits == 4 ? 92 : 0
            return RGB(bits & 1 == 1 ? 255 : least, bits >> 1 & 1 == 1 ? 255 : least, bits >> 2 & 1 == 1 ? 255 : 0)
        case 16..<232:
            func step(_ value: Int) -> Int { value == 0 ? 0 : 55 + 40 * value }
            let place = number - 16
            return RGB(step(place / 36), step(place / 6 % 6), step(place % 6))
        default:
            let grey = 8 + 10 * (number - 232)
            return RGB(grey, grey, grey)
        }
    }
}
