import Foundation
import TestSupport
import Testing
import Weights

/// Other ways to see a tensor's elements.
@Suite struct TensorViewTests {
    let file: WeightFile

    init() throws {
        let directory = try TemporaryDirectory()
        var builder = SafetensorsBuilder()
        builder.add("m", shape: [4, 2], floats: [0, 1, 2, 3, 4, 5, 6, 7])
        builder.add("n", shape: [4, 2], floats: [10, 11, 12, 13, 14, 15, 16, 17])
        builder.add("h", dtype: "F16", shape: [4, 2], data: Array(0..<16))
        builder.add("c", shape: [4, 1, 2], floats: [0, 1, 2, 3, 4, 5, 6, 7])
        try builder.write(into: directory, config: "{}")
        file = try WeightFile.open(directory.url.path)
    }

    @Test func aNameOfItsOwnKeepsTheFilesName() throws {
        let tensor = try file.tensor("m").renamed("blk.0.x")
        #expect(tensor.name == "blk.0.x" && tensor.sourceName == "m" && tensor.label == "blk.0.x (m)")
        #expect(floats(tensor) == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(try file.tensor("m").label == "m")
    }

    @Test func anotherShapeHasAsManyElements() throws {
        let tensor = try file.tensor("c").reshaped([4, 2])
        #expect(tensor.shape == [4, 2] && floats(tensor) == [0, 1, 2, 3, 4, 5, 6, 7])
        let error = #expect(throws: WeightError.self) { try file.tensor("c").reshaped([4, 3]) }
        #expect(error?.code == .wrongShape && error?.message.contains("[4, 1, 2]") == true)
        #expect(throws: WeightError.self) { try file.tensor("c").reshaped([-4, -2]) }
    }

    @Test func rowsAndSlicesAreViews() throws {
        let rows = try file.tensor("m").rows(1..<3)
        #expect(rows.shape == [2, 2] && floats(rows) == [2, 3, 4, 5] && rows.byteCount == 16)
        #expect(floats(try rows.rows(1..<2)) == [4, 5])
        let slice = try file.tensor("m").slice(3)
        #expect(slice.shape == [2] && floats(slice) == [6, 7])
        #expect(try file.tensor("h").rows(1..<2).withBytes { Array($0) } == [4, 5, 6, 7])
        #expect(throws: WeightError.self) { try file.tensor("m").rows(3..<5) }
        #expect(throws: WeightError.self) { try file.tensor("m").slice(4) }
        #expect(throws: WeightError.self) { try file.tensor("m").slice(-1) }
    }

    @Test func rowsArePickedInAnyOrder() throws {
        let picked = try file.tensor("m").picking(rows: [3, 0, 3])
        #expect(picked.shape == [3, 2] && floats(picked) == [6, 7, 0, 1, 6, 7])
        #expect(floats(try picked.rows(1..<2)) == [0, 1])
        #expect(try file.tensor("h").picking(rows: [2, 1]).withBytes { Array($0) } == [8, 9, 10, 11, 4, 5, 6, 7])
        picked.dropPages()
        #expect(floats(picked) == [6, 7, 0, 1, 6, 7])
        for rows in [[4], [-1], []] {
            #expect(throws: WeightError.self) { try file.tensor("m").picking(rows: rows) }
        }
    }

    @Test func stackedTensorsComeApartAgain() throws {
        let stack = try Tensor.stacked([file.tensor("m"), file.tensor("n")], name: "experts")
        #expect(stack.name == "experts" && stack.shape == [2, 4, 2] && stack.byteCount == 64)
        #expect(floats(stack) == [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17])
        #expect(floats(try stack.slice(1)) == [10, 11, 12, 13, 14, 15, 16, 17])
        #expect(try stack.slice(1).shape == [4, 2])
        let flat = try stack.reshaped([8, 2])
        #expect(floats(try flat.rows(3..<5)) == [6, 7, 10, 11])
        #expect(floats(try flat.rows(4..<8)) == [10, 11, 12, 13, 14, 15, 16, 17])
        stack.dropPages()
        #expect(throws: WeightError.self) { try Tensor.stacked([file.tensor("m"), file.tensor("h")], name: "x") }
        #expect(throws: WeightError.self) { try Tensor.stacked([file.tensor("m"), file.tensor("c")], name: "x") }
        #expect(throws: WeightError.self) { try Tensor.stacked([], name: "x") }
    }

    @Test func computedValuesAreAskedForWhenTheyAreRead() throws {
        let tensor = Tensor(name: "x", shape: [2, 3], sourceName: "m", fileName: "f") { [1, 2, 3, 4, 5, 6] }
        #expect(tensor.type == .f32 && floats(tensor) == [1, 2, 3, 4, 5, 6] && tensor.label == "x (m)")
        #expect(floats(try tensor.rows(1..<2)) == [4, 5, 6])
        tensor.dropPages()
        #expect(floats(tensor) == [1, 2, 3, 4, 5, 6])
    }
}
