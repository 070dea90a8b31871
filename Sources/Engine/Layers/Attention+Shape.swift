extension Attention.Shape {
    /// Reads `attention.*`; `nKVHeads` is for families whose layers differ in it.
    init(_ loader: TensorLoader, dModel: Int, nKVHeads: Int? = nil, order: KeyOrder) throws {
        let read = loader.hyperparameters
        nHeads = try read.int(.nHeads)
        guard nHeads > 0 else { throw read.wrong(.nHeads, expected: "a positive number") }
        self.nKVHeads = try nKVHeads ?? read.optionalInt(.nKVHeads) ?? nHeads
        headDim = try read.optionalInt(.headDim) ?? dModel / nHeads
        if let valueDim = try read.optionalInt(.valueDim), valueDim != headDim {
            throw read.wrong(.valueDim, expected: "\(headDim), as keys have")
        }
        let scale = try read.float(.attentionScale, default: 0)
        self.scale = scale == 0 ? nil : scale
        self.order = order
    }

    /// The file's row for each row of the queries or keys of `heads` heads; nil means that they are in order.
    func rowOrder(heads: Int) -> [Int]? {
        guard isPermuted else { return nil }
        let half = headDim / 2
        return (0..<heads * headDim).map { row in
            let place = row % headDim
            return row - place + (place < half ? 2 * place : 2 * (place - half) + 1)
        }
    }

    /// The same with another window.
    func seeing(last window: Int) -> Self {
        var shape = self
        shape.window = window
        return shape
    }
}

extension HyperparameterReader {
    /// How many positions each layer sees, the token's own among them; 0 means all.
    ///
    /// - Parameter period: every which layer sees everything when the file doesn't say; 0 means none
    func windows(layers: Int, period: Int = 0) throws -> [Int] {
        let window = try optionalInt(.slidingWindow) ?? 0
        let isWindowed = try switches(.slidingWindowPattern, layers: layers, period: period)
        return isWindowed.map { $0 ? window : 0 }
    }

    /// One switch a layer: from a list, or on but for every `period`th layer.
    private func switches(_ key: Hyperparameter, layers: Int, period: Int) throws -> [Bool] {
        if let values = bools(key) {
            guard values.count == layers else {
                throw wrong(key, expected: "one switch for each of the \(layers) layers, not \(values.count)")
            }
            return values
        }
        let period = try optionalInt(key) ?? period
        return (1...max(layers, 1)).map { period == 0 || $0 % period != 0 }
    }
}
