import UI

/// Elements of an SVG drawing (SVG 1.1) as they come.
struct SVGDrawing {
    typealias Box = (x: Double, y: Double, width: Double, height: Double)
    typealias Place = (x: Double, y: Double)
    private var elements: [String] = []

    /// All elements so far.
    var text: String { elements.joined(separator: "\n") }

    /// A whole drawing on white.
    static func document(_ elements: String, width: Double, height: Double) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" \
        width="\(number(width))" height="\(number(height))" font-family="sans-serif">
        <rect width="100%" height="100%" fill="white"/>
        \(elements)
        </svg>

        """
    }

    /// Begins a group of elements.
    mutating func open(_ attributes: String) { elements.append("<g \(attributes)>") }

    mutating func close() { elements.append("</g>") }

    /// - Parameter anchor: which part of the text is at the place: `start`, `middle` or `end`
    mutating func text(
        _ text: String, at place: Place, size: Int, anchor: String = "start", color: String = "#000",
        attributes: String = ""
    ) {
        elements.append(
            "<text x=\"\(Self.number(place.x))\" y=\"\(Self.number(place.y))\" font-size=\"\(size)\" "
                + "text-anchor=\"\(anchor)\" fill=\"\(color)\"\(attributes)>" + SVGText.escaped(text) + "</text>")
    }

    /// Text that is read from below, its middle at the place.
    mutating func upwardsText(_ text: String, at place: Place, size: Int) {
        self.text(
            text, at: place, size: size, anchor: "middle",
            attributes: " transform=\"rotate(-90 \(Self.number(place.x)) \(Self.number(place.y)))\"")
    }

    /// Text of a fixed width, with its blanks.
    mutating func fixedText(_ text: String, at place: Place, width: Double, color: String) {
        guard text.contains(where: { $0 != " " }) else { return }
        self.text(
            text, at: place, size: 13, color: color,
            attributes: " font-family=\"monospace\" textLength=\"\(Self.number(width))\" "
                + "lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"")
    }

    mutating func line(_ from: Place, _ to: Place, _ style: String) {
        let (x1, x2) = (Self.number(from.x), Self.number(to.x))
        let (y1, y2) = (Self.number(from.y), Self.number(to.y))
        elements.append("<line x1=\"\(x1)\" x2=\"\(x2)\" y1=\"\(y1)\" y2=\"\(y2)\" \(style)/>")
    }

    mutating func polyline(_ places: [Place], _ style: String, width: Double) {
        let points = places.map { Self.number($0.x) + "," + Self.number($0.y) }.joined(separator: " ")
        elements.append(
            "<polyline fill=\"none\" \(style) stroke-width=\"\(Self.number(width))\" points=\"\(points)\"/>")
    }

    mutating func circle(_ place: Place, radius: Double, fill: String) {
        elements.append(
            "<circle cx=\"\(Self.number(place.x))\" cy=\"\(Self.number(place.y))\" r=\"\(Self.number(radius))\" "
                + "fill=\"\(fill)\"/>")
    }

    mutating func rectangle(_ box: Box, fill: String, opacity: Double, title: String? = nil) {
        let title = title.map { "<title>\(SVGText.escaped($0))</title>" } ?? ""
        elements.append(
            "<rect \(Self.attributes(box)) fill=\"\(fill)\" fill-opacity=\"\(DecimalText.fixed(opacity, places: 3))\">"
                + title + "</rect>")
    }

    mutating func frame(_ box: Box, stroke: String, width: Double = 1) {
        elements.append(
            "<rect \(Self.attributes(box)) fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\"/>")
    }

    private static func attributes(_ box: Box) -> String {
        "x=\"\(number(box.x))\" y=\"\(number(box.y))\" width=\"\(number(box.width))\" height=\"\(number(box.height))\""
    }

    static func number(_ value: Double) -> String { DecimalText.fixed(value, places: 1) }
}
