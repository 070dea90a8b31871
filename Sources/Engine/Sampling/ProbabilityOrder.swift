import Foundation

/// Finds places in the order of candidates, the likeliest first and equal ones by token, without sorting them.
///
/// A pass over the logits adds up, in float32, how much probability lies above each of a few thresholds. A look at every
/// sixteenth run of them tells where thresholds are worth it. What is left between two of them is copied out, cut down in
/// the same way, and at last searched in float64. Where rounding could decide, nothing is found, and `isExact` finds it.
struct ProbabilityOrder: Sendable {
    /// What is searched for: the first candidate at which something is so.
    enum Goal {
        /// It and those before it are so many.
        case rank(Int)
        /// Its mass and that of those before it reach so much.
        case reaching(Double)
        /// They pass so much.
        case passing(Double)
    }

    /// A candidate, and what it and those before it come to.
    struct Place: Equatable {
        var token: Int32
        var mass: Double
        var count: Int
    }

    /// What lies above a logit: the sum of weights e^((logit − largest) / temperature), and how many there are.
    private struct Bound {
        var logit: Float
        var mass = 0.0
        var count = 0
    }

    /// The candidates with a logit in (below, above].
    private struct Band {
        var above, below: Bound

        var count: Int { below.count - above.count }

        /// Takes `bound` as an end; false where nobody can say which.
        mutating func narrow(by bound: Bound, until isSo: (Bound) -> Bool?) -> Bool {
            guard bound.logit < above.logit, bound.logit > below.logit else { return true }
            if bound.count == above.count {
                above.logit = bound.logit
            } else if bound.count == below.count {
                below.logit = bound.logit
            } else if let isSo = isSo(bound) {
                if isSo { below = bound } else { above = bound }
            } else {
                return false
            }
            return true
        }
    }

    /// Bands of so few are searched one by one; of so few are copied out.
    private static let fewest = 256
    private static let room = 8192
    /// What float32 can get wrong when two masses are compared, relative to one of them.
    private static let slack = 3e-5
    /// Of how many runs of sixteen logits one is looked at first, from so many logits on.
    private static let step = 16
    private static let worthLooking = 16384
    /// Thresholds of a first look, in temperatures below the largest logit; the last takes all.
    private static let depths: [Float] = [2, 5, 9, .infinity]

    private var temperature = 1.0
    private var largest: Float = 0
    private var isExact = false
    /// What the first pass found.
    private var known = [Bound](repeating: Bound(logit: 0), count: Self.depths.count)
    private var thresholds = [Float](repeating: 0, count: Self.depths.count)
    private var masses = [Double](repeating: 0, count: Self.depths.count)
    private var counts = [Double](repeating: 0, count: Self.depths.count)
    private var values = [Float](repeating: 0, count: Self.room)
    private var tokens = [Int32](repeating: 0, count: Self.room)
    private var weights = [Double](repeating: 0, count: Self.fewest)

    /// Looks at a prediction, whose largest logit is finite; NaN and −∞ are no candidates.
    ///
    /// - Parameter aim: the part of the mass near whose end something will be searched
    mutating func begin(_ logits: [Float], largest: Float, temperature: Double, aim: Double, isExact: Bool) {
        self.temperature = temperature
        self.largest = largest
        // float32 can't divide by such a temperature.
        self.isExact = isExact || !(1e-30...1e30).contains(temperature)
        for index in thresholds.indices {
            thresholds[index] = min(largest - Float(temperature) * Self.depths[index], largest.nextDown)
        }
        if !self.isExact, logits.count >= Self.worthLooking { aimThresholds(at: aim, in: logits) }
        measure(logits, count: logits.count)
        for index in known.indices { known[index] = bound(index, after: Bound(logit: .infinity)) }
    }

    /// Mass and number of all candidates.
    var all: (mass: Double, count: Int) { (known[known.count - 1].mass, known[known.count - 1].count) }

    /// The first candidate at which `goal` is so; nil where there is none, or where rounding could decide.
    mutating func place(_ goal: Goal, in logits: [Float]) -> Place? {
        let (isExact, slack) = (isExact, Self.slack)
        func isReached(_ mass: Double, _ count: Int) -> Bool? {
            switch goal {
            case .rank(let rank): return count >= rank
            case .reaching(let wanted), .passing(let wanted):
                if !isExact, abs(mass - wanted) <= slack * wanted { return nil }
                if case .reaching = goal { return mass >= wanted }
                return mass > wanted
            }
        }
        guard let band = narrow(logits, until: { isReached($0.mass, $0.count) }) else { return nil }
        guard band.count <= Self.fewest else { return placeAmongEquals(in: logits, band: band, isReached) }
        return select(band, isReached)
    }

    /// Mass and number of the candidates that are at least this as likely as the likeliest.
    mutating func kept(atLeast least: Double, in logits: [Float]) -> (mass: Double, count: Int) {
        let (largest, temperature) = (largest, temperature)
        func weight(_ logit: Float) -> Double { exp(Double(logit - largest) / temperature) }
        guard let band = narrow(logits, until: { weight($0.logit) < least }) else { return all }
        var (mass, count) = (band.above.mass, band.above.count)
        if band.count > Self.fewest {
            let weight = weight(min(band.above.logit, largest))
            return weight < least ? (mass, count) : (mass + Double(band.count) * weight, count + band.count)
        }
        for weight in weights[..<band.count] where weight >= least {
            mass += weight
            count += 1
        }
        return (mass, count)
    }

    // MARK: - Narrowing

    /// Narrows down where something begins to be so: to few candidates, which are copied out, or to equal ones.
    ///
    /// - Parameter isSo: whether it is so below a bound; nil gives up
    private mutating func narrow(_ logits: [Float], until isSo: (Bound) -> Bool?) -> Band? {
        var band = Band(above: Bound(logit: .infinity), below: known[known.count - 1])
        for bound in known {
            guard band.narrow(by: bound, until: isSo) else { return nil }
        }
        while band.count > Self.room, spreadThresholds(in: band) {
            measure(logits, count: logits.count)
            for index in thresholds.indices {
                guard band.narrow(by: bound(index, after: Bound(logit: .infinity)), until: isSo) else { return nil }
            }
        }
        guard band.count <= Self.room else { return band }
        var found = Kernels.collect(
            logits, above: band.below.logit, upTo: band.above.logit, values: &values, indices: &tokens)
        while found > Self.fewest, spreadThresholds(in: band) {
            let before = band.above
            measure(values, count: found)
            for index in thresholds.indices {
                guard band.narrow(by: bound(index, after: before), until: isSo) else { return nil }
            }
            found = keep(band, of: found)
        }
        if found <= Self.fewest {
            for index in 0..<found { weights[index] = weight(values[index]) }
        }
        return band
    }

    private func weight(_ logit: Float) -> Double {
        exp(Double(logit - largest) / temperature)
    }

    /// What was measured for a threshold, added to what is above all that was looked at.
    private func bound(_ index: Int, after above: Bound) -> Bound {
        Bound(logit: thresholds[index], mass: above.mass + masses[index], count: above.count + Int(counts[index]))
    }

    private mutating func measure(_ logits: [Float], count: Int, step: Int = 1) {
        guard isExact else {
            Kernels.massesAbove(
                logits, count: count, step: step, largest: largest, scale: Float(1 / temperature),
                thresholds: thresholds, masses: &masses, counts: &counts)
            return
        }
        for index in thresholds.indices { (masses[index], counts[index]) = (0, 0) }
        for logit in logits[..<count] where logit > -.infinity {
            let weight = weight(logit)
            for index in thresholds.indices where logit > thresholds[index] {
                masses[index] += weight
                counts[index] += 1
            }
        }
    }

    /// Chooses the first pass's thresholds by a look at a part of the logits: a little below the largest, on both sides
    /// of where the aim seems to be, and all.
    private mutating func aimThresholds(at aim: Double, in logits: [Float]) {
        let first = thresholds[0]
        measure(logits, count: logits.count, step: Self.step)
        let wanted = aim * masses[masses.count - 1]
        var band = Band(
            above: Bound(logit: .infinity),
            below: Bound(logit: -.infinity, mass: masses[masses.count - 1], count: Int(counts[masses.count - 1])))
        for look in 0..<3 {
            if look > 0 {
                guard spreadThresholds(in: band) else { break }
                measure(logits, count: logits.count, step: Self.step)
            }
            for index in thresholds.indices {
                _ = band.narrow(by: bound(index, after: Bound(logit: .infinity))) { $0.mass > wanted }
            }
        }
        let (top, bottom) = (min(band.above.logit, largest), band.below.logit)
        let margin = bottom > -.infinity ? max(top - bottom, 0) : 0
        thresholds[0] = first
        thresholds[1] = min(top + margin, largest.nextDown)
        thresholds[2] = bottom - margin
        thresholds[3] = -.infinity
    }

    /// Chooses thresholds inside a band; false where there are none.
    private mutating func spreadThresholds(in band: Band) -> Bool {
        let (top, bottom) = (min(band.above.logit, largest), band.below.logit)
        let count = thresholds.count
        let reach = max(Double(largest - top), 8 * temperature, Double(top.ulp))
        for index in thresholds.indices {
            let threshold =
                bottom > -.infinity
                ? Double(bottom) + (Double(top) - Double(bottom)) * Double(count - index) / Double(count + 1)
                : Double(top) - reach * Double(1 << (4 * index))
            thresholds[index] = max(Float(threshold), -.greatestFiniteMagnitude)
        }
        return thresholds.contains { $0 < top && $0 > bottom }
    }

    /// Keeps those of the first `found` that are in the band; returns how many.
    private mutating func keep(_ band: Band, of found: Int) -> Int {
        var kept = 0
        for index in 0..<found where values[index] > band.below.logit && values[index] <= band.above.logit {
            values[kept] = values[index]
            tokens[kept] = tokens[index]
            kept += 1
        }
        return kept
    }

    // MARK: - Searching what is left

    /// The place among more than a few candidates of one and the same logit.
    private func placeAmongEquals(
        in logits: [Float], band: Band, _ isReached: (_ mass: Double, _ count: Int) -> Bool?
    ) -> Place? {
        let weight = weight(min(band.above.logit, largest))
        var (mass, count) = (band.above.mass, band.above.count)
        for index in logits.indices where logits[index] > band.below.logit && logits[index] <= band.above.logit {
            mass += weight
            count += 1
            guard let isReached = isReached(mass, count) else { return nil }
            if isReached { return Place(token: Int32(index), mass: mass, count: count) }
        }
        return nil
    }

    /// Searches the candidates that were copied out of the band, by halves.
    private mutating func select(_ band: Band, _ isReached: (_ mass: Double, _ count: Int) -> Bool?) -> Place? {
        var (first, end) = (0, band.count)
        var (mass, count) = (band.above.mass, band.above.count)
        while first < end {
            let pivot = partition(first, end)
            let before = weights[first..<pivot].reduce(mass, +)
            let number = count + pivot - first
            if pivot > first {
                guard let isReached = isReached(before, number) else { return nil }
                if isReached {
                    end = pivot
                    continue
                }
            }
            let through = before + weights[pivot]
            guard let isReached = isReached(through, number + 1) else { return nil }
            if isReached { return Place(token: tokens[pivot], mass: through, count: number + 1) }
            (first, mass, count) = (pivot + 1, through, number + 1)
        }
        return nil
    }

    /// Puts those that come before the middle one to its left; returns where it stands then.
    private mutating func partition(_ first: Int, _ end: Int) -> Int {
        exchange((first + end) / 2, end - 1)
        let (value, token) = (values[end - 1], tokens[end - 1])
        var place = first
        for index in first..<(end - 1)
        where values[index] > value || (values[index] == value && tokens[index] < token) {
            exchange(index, place)
            place += 1
        }
        exchange(place, end - 1)
        return place
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        values.swapAt(a, b)
        tokens.swapAt(a, b)
        weights.swapAt(a, b)
    }
}
