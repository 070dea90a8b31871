import Engine
import TestSupport
import Testing
import Weights

/// What is found out without reading weights is what loading finds.
@Suite struct ModelOutlineTests {
    @Test(arguments: GoldenCase.all.filter { $0.configuration == nil })
    func theOutlineIsThatOfTheLoadedModel(example: GoldenCase) throws {
        let file = try WeightFile.open(example.modelPath)
        let outline = try ModelOutline(file)
        for precision in Precision.allCases {
            let model = try Model(file, precision: precision, pool: WorkerPool(workers: 1))
            let state = model.architecture.makeState()
            #expect(outline.parameterCount == model.parameterCount)
            #expect(outline.vocabSize == model.architecture.vocabSize)
            #expect(outline.trainedContext == model.architecture.trainedContext)
            #expect(outline.layers.count == state.layers.count)
            if precision == .fast {
                #expect(outline.stateBytes == state.byteCount && outline.stateBytesPerToken == state.bytesPerToken)
            }
            #expect(outline.weightBytes[precision, default: 0] >= model.weightBytesPerToken)
        }
        #expect(outline.sizes.contains { $0.name == "d_model" })
    }

    @Test func layersAreToldByWhatTheyRemember() throws {
        let directory = try TemporaryDirectory()
        func kinds(_ family: TinyGGUF.Family) throws -> [ModelOutline.LayerKind] {
            try ModelOutline(WeightFile.open(directory.write(TinyGGUF.model(family).build()))).layers
        }
        #expect(try kinds(.granitehybrid) == [.recurrent, .attention])
        #expect(try kinds(.llama) == [.attention, .attention])
        #expect(try kinds(.mamba) == [.recurrent, .recurrent])
    }

    @Test func shapesAreCheckedWithoutReadingWeights() throws {
        var builder = TinyGGUF.model(.mamba2)
        builder.tensors.removeAll { $0.name == "blk.1.ssm_in.weight" }
        builder.add("blk.1.ssm_in.weight", shape: [25, 8], floats: Array(repeating: .nan, count: 200))
        let directory = try TemporaryDirectory()
        let file = try WeightFile.open(directory.write(builder.build()))
        let error = #expect(throws: EngineError.self) { try ModelOutline(file) }
        #expect(error?.message.contains("blk.1.ssm_in.weight") == true)
    }

    @Test func theFirstElementThatIsNoNumberIsFound() throws {
        var builder = GGUFBuilder()
        for (name, place) in [("none", nil), ("first", 0), ("late", 299_999)] as [(String, Int?)] {
            var values = [Float](repeating: 1, count: 300_000)
            if let place { values[place] = place == 0 ? .infinity : .nan }
            builder.add(name, shape: [300_000], floats: values)
        }
        let directory = try TemporaryDirectory()
        let file = try WeightFile.open(directory.write(builder.build()))
        #expect(try TensorCheck.firstNonFinite(file.tensor("none")) == nil)
        #expect(try TensorCheck.firstNonFinite(file.tensor("first")) == 0)
        #expect(try TensorCheck.firstNonFinite(file.tensor("late")) == 299_999)
    }
}
