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
    /// What the x axis is labelled at; nil is at round numbers.
    var xTicks: [Tick]?

    /// A labelled place on an axis.
    struct Tick {
        var value: Double
        var text: String

        init(_ value: Double) { (self.value, text) = (value, LinePlot.tickText(value)) }

        init(tokens: Int) { self.init(Double(tokens)) }
    }

    static let width = 640.0
    static let height = 300.0
    private static let margin = (left: 80.0, right: 150.0, top: 34.0, bottom: 44.0)
    /// Room between the frame and the first and last value, so that whiskers and marks stand clear of it.
    private static let inset = 14.0

    /// A group of elements, drawn from the point (0, `offset`) on.
    func svg(offset: Double) -> String {
        let points = series.flatMap(\.points)
        let values = points.map(\.y) + points.compactMap(\.interval).flatMap { [$0.lowerBound, $0.upperBound] }
        let frame = Frame(
            x: PlotAxis(points.map(\.x), xScale, isRounded: false),
            y: PlotAxis(yRange.map { [$0.lowerBound, $0.upperBound] } ?? values, yScale, isRounded: true))
        var drawing = SVGDrawing()
        drawing.open("transform=\"translate(0 \(SVGDrawing.number(offset)))\"")
        drawing.text(title, at: (Self.margin.left, 20), size: 14)
        drawAxes(frame, into: &drawing)
        for mark in marks {
            let place = frame.across(mark.x)
            drawing.line(
                (place, frame.top), (place, frame.bottom), "stroke=\"\(mark.color)\" stroke-dasharray=\"2 3\"")
            drawing.text(mark.name, at: (place, frame.top - 3), size: 10, anchor: "middle", color: mark.color)
        }
        for index in series.indices { draw(index, frame, into: &drawing) }
        drawing.close()
        return drawing.text
    }

    private func drawAxes(_ frame: Frame, into drawing: inout SVGDrawing) {
        drawing.frame((frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top), stroke: "#999")
        var labelled = -Self.leastLabelDistance
        for tick in xTicks ?? frame.x.ticks.map(Tick.init) {
            let place = frame.across(tick.value)
            drawing.line((place, frame.bottom), (place, frame.bottom + 4), "stroke=\"#999\"")
            guard place - labelled >= Self.leastLabelDistance else { continue }
            labelled = place
            drawing.text(tick.text, at: (place, Self.height - 26), size: 11, anchor: "middle")
        }
        for tick in frame.y.ticks {
            let place = frame.down(tick)
            drawing.line((frame.left, place), (frame.right, place), "stroke=\"#ddd\"")
            drawing.text(yText(tick), at: (frame.left - 6, place + 4), size: 11, anchor: "end")
        }
        drawing.text(xTitle, at: ((frame.left + frame.right) / 2, Self.height - 8), size: 12, anchor: "middle")
        drawing.upwardsText(yTitle, at: (16, (frame.top + frame.bottom) / 2), size: 12)
    }

    /// A line with its marks and whiskers, and its name beside the frame.
    private func draw(_ index: Int, _ frame: Frame, into drawing: inout SVGDrawing) {
        let line = series[index]
        // Lines that are equal can both be seen: the first ones are wider, and whiskers stand beside each other.
        let width = line.isDashed ? 1.5 : 1.5 + 1.5 * Double(series.count(where: { !$0.isDashed }) - 1 - index)
        let shift = (Double(index) - Double(series.count - 1) / 2) * 4
        let stroke = "stroke=\"\(line.color)\""
        let style = stroke + (line.isDashed ? " stroke-dasharray=\"5 4\"" : "")
        // What is 0 has no place on a logarithmic axis.
        let points = line.points.filter { frame.x.holds($0.x) && frame.y.holds($0.y) }
        drawing.polyline(points.map { (frame.across($0.x), frame.down($0.y)) }, style, width: width)
        for point in points where !line.isDashed && points.count <= Self.mostMarks {
            let place = frame.across(point.x)
            drawing.circle((place, frame.down(point.y)), radius: 1.5 + width, fill: line.color)
            guard let interval = point.interval else { continue }
            drawing.line(
                (place + shift, frame.down(interval.lowerBound)), (place + shift, frame.down(interval.upperBound)),
                stroke)
        }
        let top = frame.top + 14 + Double(index) * 18
        drawing.line(
            (frame.right + 10, top - 4), (frame.right + 28, top - 4), style + " stroke-width=\"\(max(2, width))\"")
        drawing.text(line.name, at: (frame.right + 34, top), size: 12)
    }

    private static let leastLabelDistance = 30.0
    /// Lines of more points than that are drawn without marks.
    private static let mostMarks = 12

    /// Where values are drawn.
    private struct Frame {
        let x, y: PlotAxis
        let left = LinePlot.margin.left
        let right = LinePlot.width - LinePlot.margin.right
        let top = LinePlot.margin.top
        let bottom = LinePlot.height - LinePlot.margin.bottom

        func across(_ value: Double) -> Double {
            left + LinePlot.inset + x.part(value) * (right - left - 2 * LinePlot.inset)
        }

        func down(_ value: Double) -> Double { top + (1 - y.part(value)) * (bottom - top) }
    }

    /// A whole drawing of plots below each other.
    static func document(_ plots: [LinePlot]) -> String {
        let groups = plots.enumerated().map { $1.svg(offset: Double($0) * height) }
        return SVGDrawing.document(
            groups.joined(separator: "\n"), width: width, height: Double(max(1, plots.count)) * height)
    }

    /// `64`, `1K`, `64K`.
    private static func tickText(_ value: Double) -> String {
        guard value >= 1024, value.truncatingRemainder(dividingBy: 1024) == 0 else {
            return DecimalText.fixed(value, places: value == value.rounded() ? 0 : 1)
        }
        return "\(Int(value) / 1024)K"
    }
}
