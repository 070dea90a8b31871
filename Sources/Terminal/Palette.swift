package import Screen

/// The colours of a terminal as ncurses numbers them.
package nonisolated struct Palette: Equatable {
    private let colors: Int
    /// Whether numbers from 8 on are 0xRRGGBB.
    private let isDirect: Bool

    /// - Parameter colors: 0 for none, as `cn_capabilities` tells it.
    package init(colors: Int, isDirect: Bool) {
        self.colors = colors
        self.isDirect = isDirect
    }

    /// How many colours a theme may use here.
    package var depth: ColorDepth {
        switch colors {
        case _ where isDirect: .trueColor
        case 256...: .indexed256
        case 8...: .ansi16
        default: .mono
        }
    }

    /// The number that ncurses wants: -1 for the terminal's own colour.
    package func number(of color: Color) -> Int32 {
        switch color.reduced(to: depth) {
        case .terminal: -1
        // The bright half of the palette is the plain half where there are eight colours.
        case .indexed(let index) where depth == .ansi16 && colors < 16: Int32(index % 8)
        case .indexed(let index) where isDirect && index >= 8: direct(Color.xterm(index))
        case .indexed(let index): Int32(index)
        case .rgb(let red, let green, let blue): direct((red, green, blue))
        }
    }

    /// The first 8 numbers are the palette: the darkest blues shift by a step nobody sees.
    private func direct(_ color: (red: UInt8, green: UInt8, blue: UInt8)) -> Int32 {
        max(8, Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue))
    }
}
