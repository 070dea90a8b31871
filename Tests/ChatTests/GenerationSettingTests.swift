import Chat
import Testing

@Suite struct GenerationSettingTests {
    @Test func everyValueIsTakenAgainAndEveryStep() {
        for setting in GenerationSetting.all {
            var options = GenerationOptions()
            #expect(setting.set(setting.text(options), &options), "\(setting.name)")
            #expect(options == GenerationOptions())
            for direction in [-1, 1] {
                let next = setting.step(options, direction)
                var changed = options
                #expect(setting.set(next, &changed) || setting.name == "top_p", "\(setting.name) \(next)")
            }
        }
    }

    @Test func wrongValuesChangeNothing() {
        for setting in GenerationSetting.all {
            var options = GenerationOptions()
            #expect(!setting.set("much", &options))
            #expect(options == GenerationOptions())
        }
    }

    @Test func aSeedIsDrawnAgain() throws {
        let seed = try #require(GenerationSetting.all.first { $0.name == "seed" })
        var options = GenerationOptions()
        #expect(seed.set("7", &options) && seed.text(options) == "7")
        #expect(seed.set("new", &options) && options.sampling.seed == nil && seed.text(options) == "new")
    }
}
