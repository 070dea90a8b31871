import Glibc
import UI

/// Lines over two axes, as an SVG drawing (SVG 1.1).
struct LinePlot {
    struct Point {
        var x: Double
        var y: Double
        /// What the value may be, drawn as a whisker.
        var interval: ClosedRange<Double>?
    }

    struct Series {
        var name: String
        /// A CSS colour.
        var color: String
        var points: [Point]
        var isDashed = false
    }

    /// A place on the x axis that has a name.
    struct Mark {
        var x: Double
        var name: String
        /// A CSS colour.
        var color: String
    }

    /// What series are drawn in: apart for the colour-blind, too.
    static let colors = ["#0072b2", "#d55e00", "#009e73"]

    enum Scale {
        case linear, logarithmic
    }

    var title: String
    var xTitle: String
    var yTitle: String
    var xScale = Scale.linear
    var yScale = Scale.linear
    /// How a value is written at the y axis.
    var yText: (Double) -> String = { DecimalText.fixed($0, places: 2) }
    /// What the y axis goes over; nil is what the values do.
    var yRange: ClosedRange<Double>?
    var series: [Series]
    var marks: [Mark] = []

    static let width = 640.0
    static let height = 300.0
    private static let margin = (left: 72.0, right: 150.0, top: 34.0, bottom: 44.0)

    /// A group of elements, drawn from the point (0, `offset`) on.
    func svg(offset: Double) -> String {
        let points = series.flatMap(\.points)
        let values = points.map(\.y) + points.compactMap(\.interval).flatMap { [$0.lowerBound, $0.upperBound] }
        let x = Axis(points.map(\.x), xScale)
        let y = Axis(yRange.map { [$0.lowerBound, $0.upperBound] } ?? values, yScale)
        // From a point of the axes to one of the drawing.
        let across = { Self.margin.left + x.part($0) * plotWidth }
        let down = { Self.margin.top + (1 - y.part($0)) * plotHeight }
        var lines = [
            "<g transform=\"translate(0 \(Self.number(offset)))\">",
            Self.text(title, at: (Self.margin.left, 20), size: 14, anchor: "start"),
            "<rect x=\"\(Self.margin.left)\" y=\"\(Self.margin.top)\" width=\"\(Self.number(plotWidth))\" "
                + "height=\"\(Self.number(plotHeight))\" fill=\"none\" stroke=\"#999\"/>",
        ]
        for tick in x.ticks {
            lines.append(
                Self.text(Self.tickText(tick), at: (across(tick), Self.height - 24), size: 11, anchor: "middle"))
        }
        for tick in y.ticks {
            let right = Self.margin.left + plotWidth
            lines.append(Self.line((Self.margin.left, down(tick)), (right, down(tick)), "stroke=\"#ddd\""))
            lines.append(Self.text(yText(tick), at: (Self.margin.left - 6, down(tick) + 4), size: 11, anchor: "end"))
        }
        lines.append(
            Self.text(xTitle, at: (Self.margin.left + plotWidth / 2, Self.height - 8), size: 12, anchor: "middle"))
        lines.append(Self.text(yTitle, at: (8, Self.margin.top - 8), size: 12, anchor: "start"))
        for (index, mark) in marks.enumerated() {
            let place = across(mark.x)
            lines.append(
                Self.line(
                    (place, Self.margin.top), (place, Self.margin.top + plotHeight),
                    "stroke=\"\(mark.color)\" stroke-dasharray=\"2 3\""))
            let top = Self.margin.top + 12 + Double(index) * 12
            lines.append(Self.text(mark.name, at: (place - 4, top), size: 10, anchor: "end"))
        }
        for (index, line) in series.enumerated() {
            let style = "stroke=\"\(line.color)\"" + (line.isDashed ? " stroke-dasharray=\"5 4\"" : "")
            let places = line.points.map { Self.number(across($0.x)) + "," + Self.number(down($0.y)) }
            lines.append(
                "<polyline fill=\"none\" \(style) stroke-width=\"1.5\" points=\"\(places.joined(separator: " "))\"/>")
            // Two that are equal can both be seen.
            let shift = (Double(index) - Double(series.count - 1) / 2) * 3
            for point in line.points {
                guard let interval = point.interval else { continue }
                let place = across(point.x) + shift
                lines.append(
                    Self.line((place, down(interval.lowerBound)), (place, down(interval.upperBound)), style))
            }
            let top = Self.margin.top + 14 + Double(index) * 18
            let left = Self.margin.left + plotWidth + 10
            lines.append(Self.line((left, top - 4), (left + 18, top - 4), style + " stroke-width=\"2\""))
            lines.append(Self.text(line.name, at: (left + 24, top), size: 12, anchor: "start"))
        }
        return (lines + ["</g>"]).joined(separator: "\n")
    }

    private var plotWidth: Double { Self.width - Self.margin.left - Self.margin.right }
    private var plotHeight: Double { Self.height - Self.margin.top - Self.margin.bottom }

    /// A whole drawing of plots below each other.
    static func document(_ plots: [LinePlot]) -> String {
        let tall = number(Double(max(1, plots.count)) * height)
        let groups = plots.enumerated().map { $1.svg(offset: Double($0) * height) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(tall)" width="\(number(width))" \
            height="\(tall)" font-family="sans-serif">
            <rect width="100%" height="100%" fill="white"/>
            \(groups.joined(separator: "\n"))
            </svg>

            """
    }

    private static func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ style: String) -> String {
        "<line x1=\"\(number(from.x))\" x2=\"\(number(to.x))\" y1=\"\(number(from.y))\" y2=\"\(number(to.y))\" \(style)/>"
    }

    private static func text(_ text: String, at place: (x: Double, y: Double), size: Int, anchor: String) -> String {
        "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" font-size=\"\(size)\" text-anchor=\"\(anchor)\">"
            + SVGText.escaped(text) + "</text>"
    }

    private static func number(_ value: Double) -> String { DecimalText.fixed(value, places: 1) }

    /// `64`, `1K`, `64K`.
    private static func tickText(_ value: Double) -> String {
        guard value >= 1024, value.truncatingRemainder(dividingBy: 1024) == 0 else {
            return DecimalText.fixed(value, places: value == value.rounded() ? 0 : 1)
        }
        return "\(Int(value) / 1024)K"
    }

    /// A range of values and where each lies in it.
    private struct Axis {
        let scale: Scale
        private let low: Double
        private let high: Double

        init(_ values: [Double], _ scale: Scale) {
            self.scale = scale
            let finite = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
            let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
            switch scale {
            case .linear: (low, high) = (min(0, least), most > min(0, least) ? most : min(0, least) + 1)
            case .logarithmic: (low, high) = (log2(least), most > least ? log2(most) : log2(least) + 1)
            }
        }

        /// From 0 at the beginning to 1 at the end.
        func part(_ value: Double) -> Double {
            let place = scale == .linear ? value : log2(max(value, .leastNormalMagnitude))
            return min(1, max(0, (place - low) / (high - low)))
        }

        var ticks: [Double] {
            switch scale {
            case .linear: return (0...4).map { low + (high - low) * Double($0) / 4 }
            case .logarithmic:
                let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
                guard first <= last else { return [exp2(low), exp2(high)] }
                let step = max(1, (last - first) / 5)
                return Swift.stride(from: first, through: last, by: step).map { exp2(Double($0)) }
            }
        }
    }
}
