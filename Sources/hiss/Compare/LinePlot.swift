import Glibc
import UI

/// Lines over two axes, as an SVG drawing (SVG 1.1).
struct LinePlot {
    struct Series {
        var name: String
        /// A CSS colour.
        var color: String
        var points: [(x: Double, y: Double)]
    }

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
    var series: [Series]

    static let width = 640.0
    static let height = 300.0
    private static let margin = (left: 72.0, right: 150.0, top: 34.0, bottom: 44.0)

    /// A group of elements, drawn from the point (0, `offset`) on.
    func svg(offset: Double) -> String {
        let points = series.flatMap(\.points)
        let (x, y) = (Axis(points.map(\.x), xScale), Axis(points.map(\.y), yScale))
        var lines = [
            "<g transform=\"translate(0 \(Self.number(offset)))\">",
            Self.text(title, at: (Self.margin.left, 20), size: 14, anchor: "start"),
            "<rect x=\"\(Self.margin.left)\" y=\"\(Self.margin.top)\" width=\"\(Self.number(plotWidth))\" "
                + "height=\"\(Self.number(plotHeight))\" fill=\"none\" stroke=\"#999\"/>",
        ]
        for tick in x.ticks {
            let place = Self.margin.left + x.part(tick) * plotWidth
            lines.append(Self.text(Self.tickText(tick), at: (place, Self.height - 24), size: 11, anchor: "middle"))
        }
        for tick in y.ticks {
            let place = Self.margin.top + (1 - y.part(tick)) * plotHeight
            lines.append(
                "<line x1=\"\(Self.margin.left)\" x2=\"\(Self.number(Self.margin.left + plotWidth))\" "
                    + "y1=\"\(Self.number(place))\" y2=\"\(Self.number(place))\" stroke=\"#ddd\"/>")
            lines.append(Self.text(yText(tick), at: (Self.margin.left - 6, place + 4), size: 11, anchor: "end"))
        }
        lines.append(
            Self.text(xTitle, at: (Self.margin.left + plotWidth / 2, Self.height - 8), size: 12, anchor: "middle"))
        lines.append(Self.text(yTitle, at: (8, Self.margin.top - 8), size: 12, anchor: "start"))
        for (index, line) in series.enumerated() {
            let places = line.points.map { point in
                Self.number(Self.margin.left + x.part(point.x) * plotWidth) + ","
                    + Self.number(Self.margin.top + (1 - y.part(point.y)) * plotHeight)
            }
            lines.append(
                "<polyline fill=\"none\" stroke=\"\(line.color)\" stroke-width=\"1.5\" points=\"\(places.joined(separator: " "))\"/>"
            )
            let top = Self.margin.top + 14 + Double(index) * 18
            let left = Self.margin.left + plotWidth + 10
            lines.append(
                "<line x1=\"\(Self.number(left))\" x2=\"\(Self.number(left + 18))\" y1=\"\(top - 4)\" y2=\"\(top - 4)\" "
                    + "stroke=\"\(line.color)\" stroke-width=\"2\"/>")
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

    private static func text(_ text: String, at place: (x: Double, y: Double), size: Int, anchor: String) -> String {
        "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" font-size=\"\(size)\" text-anchor=\"\(anchor)\">"
            + escaped(text) + "</text>"
    }

    /// What XML takes for markup, and what no XML may have, is gone.
    private static func escaped(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
            .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
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
