import Screen

/// How much a meter shows.
public enum MeterForm: String, Sendable, CaseIterable {
    case text, bar, graph, off
}

/// The meters, by the name that settings use.
public enum MeterName: String, Sendable, Hashable, CaseIterable {
    case rate, state, layers, token, timeline, sampling, disk, process
}

/// A part of the side panel: a heading, and what its gauges say below it.
///
/// A meter is one file and one line in `Meters.all`.
protocol Meter: Sendable {
    var name: MeterName { get }
    var title: String { get }
    /// The forms that it has besides `off`; the first one is what is shown unless asked otherwise.
    var forms: [MeterForm] { get }
    /// Its rows; none while it has nothing to show.
    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow]
}

/// One row of a meter.
struct MeterRow: Sendable, Equatable {
    /// A part of the row that looks alike.
    struct Part: Sendable, Equatable {
        enum Look: Sendable, Equatable {
            case text, dim, warn
            /// The colour of a gauge at a fraction of its range.
            case gauge(GradientName, Double)
        }

        var text: String
        var look: Look = .text
    }

    var parts: [Part]

    init(_ parts: [Part]) {
        self.parts = parts
    }

    init(_ text: String, _ look: Part.Look = .text) {
        parts = [Part(text: text, look: look)]
    }

    /// Gauges side by side, as far as they have something to show.
    init(_ gauges: [any Gauge], _ readings: GaugeReadings) {
        parts = []
        for gauge in gauges {
            guard let text = gauge.text(readings) else { continue }
            let gap = parts.isEmpty ? "" : "   "
            parts.append(Part(text: gap + text, look: gauge.warns(readings) ? .warn : .text))
        }
    }

    var text: String { parts.map(\.text).joined() }
}

/// The meters of the side panel, from the top.
enum Meters {
    static let all: [any Meter] = [
        RateMeterRows(), StateMeterRows(), LayerMeterRows(), TokenMeterRows(), TimelineMeterRows(),
        SamplingMeterRows(), DiskMeterRows(), ProcessMeterRows(),
    ]

    /// The forms as settings write them: `rate:graph,state:bar`.
    static func text(of forms: [MeterName: MeterForm]) -> String {
        all.map { "\($0.name.rawValue):\(form(of: $0, in: forms).rawValue)" }.joined(separator: ",")
    }

    /// The form in which a meter is shown.
    static func form(of meter: any Meter, in forms: [MeterName: MeterForm]) -> MeterForm {
        forms[meter.name] ?? meter.forms.first ?? .text
    }

    /// Reads `rate:graph,state:bar,token:off`; what isn't named is off, and a name alone is the usual form.
    ///
    /// - Throws: `MeterProblem`, which says which part is wrong and what may stand there.
    static func forms(from text: String) throws(MeterProblem) -> [MeterName: MeterForm] {
        var forms = Dictionary(uniqueKeysWithValues: MeterName.allCases.map { ($0, MeterForm.off) })
        if text == "off" { return forms }
        if text == "on" { return [:] }
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let words = part.split(separator: ":", maxSplits: 1)
            guard let name = words.first.flatMap({ MeterName(rawValue: String($0)) }),
                let meter = all.first(where: { $0.name == name })
            else {
                let names = MeterName.allCases.map(\.rawValue).joined(separator: ", ")
                throw MeterProblem(message: "there is no meter '\(words.first ?? "")'; there are \(names)")
            }
            let form = words.count == 1 ? meter.forms.first : MeterForm(rawValue: String(words[1]))
            guard let form, form == .off || meter.forms.contains(form) else {
                let forms = (meter.forms + [.off]).map(\.rawValue).joined(separator: ", ")
                throw MeterProblem(message: "\(name.rawValue) can be \(forms), not '\(words.last ?? "")'")
            }
            forms[name] = form
        }
        return forms
    }
}

/// What is wrong with a list of meters.
struct MeterProblem: Error, Equatable {
    var message: String
}
