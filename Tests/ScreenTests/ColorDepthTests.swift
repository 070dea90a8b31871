import Screen
import Testing

@Suite struct ColorDepthTests {
    @Test(arguments: [
        (Color.rgb(red: 255, green: 0, blue: 0), ColorDepth.indexed256, Color.indexed(196)),
        (.rgb(red: 95, green: 135, blue: 175), .indexed256, .indexed(67)),
        (.rgb(red: 9, green: 9, blue: 9), .indexed256, .indexed(232)),
        (.rgb(red: 250, green: 10, blue: 5), .ansi16, .indexed(9)),
        (.rgb(red: 1, green: 2, blue: 3), .trueColor, .rgb(red: 1, green: 2, blue: 3)),
        (.indexed(196), .ansi16, .indexed(9)),
        (.indexed(3), .ansi16, .indexed(3)), (.indexed(231), .indexed256, .indexed(231)),
        (.indexed(3), .mono, .terminal),
        (.rgb(red: 1, green: 2, blue: 3), .mono, .terminal), (.terminal, .ansi16, .terminal),
    ])
    func nearestColourIsTaken(_ color: Color, _ depth: ColorDepth, _ result: Color) {
        #expect(color.reduced(to: depth) == result)
    }

    @Test func withoutColourBoldAndReverseStay() {
        let style = Style(foreground: .indexed(1), background: .indexed(2), attributes: [.bold, .reverse])
        #expect(style.reduced(to: .mono) == Style(attributes: [.bold, .reverse]))
    }
}
