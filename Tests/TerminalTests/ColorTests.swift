import Screen
import Terminal
import Testing

@Suite struct ColorTests {
    @Test(
        arguments: [
            (0, Color.rgb(red: 255, green: 0, blue: 0), -1), (0, .indexed(4), -1), (256, .terminal, -1),
            (256, .indexed(4), 4), (256, .indexed(200), 200), (256, .rgb(red: 255, green: 0, blue: 0), 196),
            (256, .rgb(red: 128, green: 128, blue: 128), 244), (256, .rgb(red: 0, green: 0, blue: 0), 16),
            (16, .indexed(12), 12), (16, .indexed(196), 9), (16, .rgb(red: 10, green: 10, blue: 10), 0),
            (16, .rgb(red: 250, green: 250, blue: 250), 15), (8, .indexed(12), 4),
            (8, .rgb(red: 0, green: 220, blue: 10), 2),
        ] as [(Int, Color, Int32)])
    func theNearestColorIsTaken(colors: Int, color: Color, number: Int32) {
        #expect(Palette(colors: colors, isDirect: false).number(of: color) == number)
    }

    @Test func directColorsKeepTheirValue() {
        let palette = Palette(colors: 0x1000000, isDirect: true)
        #expect(palette.number(of: .rgb(red: 1, green: 2, blue: 3)) == 0x010203)
        #expect(palette.number(of: .rgb(red: 0, green: 0, blue: 3)) == 8)
        #expect(palette.number(of: .indexed(3)) == 3)
        #expect(palette.number(of: .indexed(196)) == 0xFF0000)
    }
}
