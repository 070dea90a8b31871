import Chat
import Engine
import Inference

/// What probes found of one model or two.
struct ProbeReport {
    /// A probe of recall.
    struct Recall {
        struct Row {
            var distance: Int
            /// Tokens of the sequence where the answer has to be said.
            var length: Int
            var chance: Double
            /// By model.
            var cells: [Cell]
        }

        struct Cell {
            var correct, firstChoice: Proportion
            var logProbability: MeanEstimate
        }

        var name, about: String
        var rows: [Row]
    }

    /// How well a text is predicted at a range of positions.
    struct Loss {
        var positions: Range<Int>
        /// The mean of −ln p, by model.
        var cells: [MeanEstimate]
    }

    /// Decoding after a number of tokens.
    struct Depth {
        struct Cell {
            /// Tokens per second.
            var rate: Spread
            var stateBytes: Int
            /// Whether keys and values were made up to get there.
            var cacheIsMadeUp: Bool
        }

        var depth: Int
        /// By model.
        var cells: [Cell]
    }

    var models: [ModelSummary]
    var seed: UInt64
    var trials: Int
    var recall: [Recall] = []
    var losses: [Loss] = []
    var depths: [Depth] = []

    /// What the models are called in reports: A and B.
    var labels: [String] { models.indices.map { ["A", "B"][$0] } }

    /// Whether a sequence of `length` tokens is longer than those that a model was trained on.
    func isPastTraining(_ length: Int, _ model: Int) -> Bool {
        models[model].trainedContext.map { length > $0 } ?? false
    }
}
