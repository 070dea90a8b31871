import Glibc

/// A range of values on an axis of a plot, and where each lies in it.
struct PlotAxis {
    let scale: LinePlot.Scale
    private let low: Double
    private let high: Double
    /// Between two ticks of a linear axis.
    private let step: Double

    /// The axis that has room for values.
    ///
    /// - Parameter isRounded: whether it goes from and to round numbers, a linear one from 0 or below
    init(_ values: [Double], _ scale: LinePlot.Scale, isRounded: Bool) {
        self.scale = scale
        let finite = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
        let most = finite.max() ?? 1
        let least = finite.min() ?? min(0, most)
        switch scale {
        case .linear:
            let bottom = isRounded ? min(0, least) : least
            step = Self.roundStep((most > bottom ? most - bottom : 1) / 4)
            low = isRounded ? (bottom / step).rounded(.down) * step : bottom
            high = isRounded ? max(low + step, (most / step - 1e-9).rounded(.up) * step) : max(most, bottom + step)
        case .logarithmic:
            step = 0
            let (first, last) = (log2(max(least, .leastNormalMagnitude)), log2(max(most, .leastNormalMagnitude)))
            low = isRounded ? (first + 1e-9).rounded(.down) : first
            high = max(low + 1, isRounded ? (last - 1e-9).rounded(.up) : last)
        }
    }

    /// 1, 2, 2.5 or 5 times a power of ten: the first that is not less.
    private static func roundStep(_ value: Double) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        return ([1, 2, 2.5, 5, 10].first { $0 * power >= value * (1 - 1e-9) } ?? 10) * power
    }

    /// Whether a value has a place on it.
    func holds(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }

    /// From 0 at the beginning to 1 at the end.
    func part(_ value: Double) -> Double {
        let place = scale == .linear ? value : log2(max(value, .leastNormalMagnitude))
        return min(1, max(0, (place - low) / (high - low)))
    }

    var ticks: [Double] {
        switch scale {
        case .linear:
            let (first, last) = (Int((low / step - 1e-9).rounded(.up)), Int((high / step + 1e-9).rounded(.down)))
            return first <= last ? (first...last).map { step * Double($0) } : [low, high]
        case .logarithmic:
            let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
            guard first < last else { return [exp2(low), exp2(high)] }
            // As many as there is room for, at powers of one base.
            let step = max(1, (last - first + 4) / 5)
            return Swift.stride(from: first, through: last, by: step).map { exp2(Double($0)) }
        }
    }
}
