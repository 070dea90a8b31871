import Chat
import Glibc
import UI

extension ProbeReport {
    /// Every measure as a drawing.
    var plots: [LinePlot] {
        var plots = recall.map(plot)
        if !losses.isEmpty { plots.append(lossPlot) }
        if !depths.isEmpty { plots += [ratePlot, memoryPlot] }
        return plots
    }

    private func series(_ model: Int, _ points: [LinePlot.Point]) -> LinePlot.Series {
        LinePlot.Series(
            name: "\(labels[model])  \(models[model].name)", color: LinePlot.colors[model % LinePlot.colors.count],
            points: points)
    }

    /// Where the models' training ended, as far as it is in a drawing that goes up to `length`.
    private func trainingMarks(upTo length: Int) -> [LinePlot.Mark] {
        models.indices.compactMap { index in
            guard let trained = models[index].trainedContext, trained <= length else { return nil }
            return LinePlot.Mark(
                x: Double(trained), name: "\(labels[index]) trained",
                color: LinePlot.colors[index % LinePlot.colors.count])
        }
    }

    private func plot(_ recall: Recall) -> LinePlot {
        var lines = models.indices.map { model in
            series(
                model,
                recall.rows.map { row in
                    let correct = row.cells[model].correct
                    return LinePlot.Point(
                        x: Double(row.distance), y: correct.value, interval: correct.low...correct.high)
                })
        }
        lines.append(
            LinePlot.Series(
                name: "chance", color: "#777",
                points: recall.rows.map { LinePlot.Point(x: Double($0.distance), y: $0.chance) }, isDashed: true))
        return LinePlot(
            title: "Recall: \(recall.name)", xTitle: "tokens between", yTitle: "right, with 95 % intervals",
            xScale: .logarithmic, yRange: 0...1, series: lines,
            marks: trainingMarks(upTo: recall.rows.last?.distance ?? 0),
            xTicks: recall.rows.map { LinePlot.Tick(tokens: $0.distance) })
    }

    private var lossPlot: LinePlot {
        LinePlot(
            title: "Perplexity by position", xTitle: "positions up to", yTitle: "perplexity, with 95 % intervals",
            xScale: .logarithmic, yScale: .logarithmic, yText: { DecimalText.fixed($0, places: 0) },
            series: models.indices.map { model in
                series(
                    model,
                    losses.map { row in
                        let loss = row.cells[model]
                        return LinePlot.Point(
                            x: Double(row.positions.upperBound), y: exp(loss.value),
                            interval: exp(loss.low)...exp(loss.high))
                    })
            }, marks: trainingMarks(upTo: losses.last?.positions.upperBound ?? 0),
            xTicks: losses.map { LinePlot.Tick(tokens: $0.positions.upperBound) })
    }

    /// Where a depth stands: a logarithmic axis has no 0, so that it is as far before the first depth as that is before
    /// the second one.
    private func place(ofDepth depth: Int) -> Double {
        guard depth == 0 else { return Double(depth) }
        let others = depths.map { Double($0.depth) }.filter { $0 > 0 }
        guard let first = others.first else { return 1 }
        return others.count > 1 ? first * first / others[1] : first / 4
    }

    private func depthPlot(
        _ title: String, yTitle: String, yScale: LinePlot.Scale, yText: @escaping (Double) -> String,
        _ value: (Depth.Cell) -> (value: Double, interval: ClosedRange<Double>?)
    ) -> LinePlot {
        let isMadeUp = depths.contains { $0.cells.contains(where: \.cacheIsMadeUp) }
        return LinePlot(
            title: title, xTitle: isMadeUp ? "tokens read (keys and values made up)" : "tokens read", yTitle: yTitle,
            xScale: .logarithmic, yScale: yScale, yText: yText,
            series: models.indices.map { model in
                series(
                    model,
                    depths.map { row in
                        let found = value(row.cells[model])
                        return LinePlot.Point(
                            x: place(ofDepth: row.depth), y: found.value, interval: found.interval)
                    })
            },
            xTicks: depths.map { row in
                var tick = LinePlot.Tick(tokens: row.depth)
                tick.value = place(ofDepth: row.depth)
                return tick
            })
    }

    private var ratePlot: LinePlot {
        depthPlot(
            "Decode rate by depth", yTitle: "tokens/s: median, least and greatest", yScale: .linear,
            yText: { DecimalText.fixed($0, places: 0) }
        ) { ($0.rate.median, $0.rate.min...$0.rate.max) }
    }

    private var memoryPlot: LinePlot {
        depthPlot(
            "Memory of the state by depth", yTitle: "bytes", yScale: .logarithmic,
            yText: { ByteText.short(Int($0)) }
        ) { (Double($0.stateBytes), nil) }
    }
}
