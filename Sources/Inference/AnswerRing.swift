import Engine

/// The last places inside an answer, so that a few tokens can be taken back with nothing read again.
struct AnswerRing: Sendable {
    /// The place before a token was chosen.
    struct Place: Sendable {
        var state: SequenceState
        /// `[vocabSize]`.
        var logits: [Float]
        var sampler: Sampler
        /// Tokens of the answer that the state has read.
        var index: Int
    }

    /// Steps that can be taken back.
    static let steps = 16

    private var places: [Place] = []
    private var oldest = 0

    /// Forgets all places.
    mutating func clear() {
        places = []
        oldest = 0
    }

    /// Adds a place, and forgets the one before the last 16.
    mutating func add(_ place: Place) {
        if let last = newest, last.index >= place.index { clear() }
        if places.count <= Self.steps {
            places.append(place)
        } else {
            places[oldest] = place
            oldest = (oldest + 1) % places.count
        }
    }

    /// The place at which the answer had `index` tokens, if it is one of the last.
    func place(at index: Int) -> Place? {
        places.first { $0.index == index }
    }

    private var newest: Place? {
        places.isEmpty ? nil : places[(oldest + places.count - 1) % places.count]
    }
}
