import Chat
import Glibc
import JSON

extension ProbeReport {
    /// Writes an object with all that was found; `a` and `b` are the models.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("seed", seed)
        json.field("trials", trials)
        for (index, model) in models.enumerated() { json.field(key(index, "trained_context"), model.trainedContext) }
        json.key("recall")
        json.beginArray()
        for probe in recall { write(probe, to: &json) }
        json.endArray()
        json.key("perplexity")
        json.beginArray()
        for row in losses { write(row, to: &json) }
        json.endArray()
        json.key("depth")
        json.beginArray()
        for row in depths { write(row, to: &json) }
        json.endArray()
        json.endObject()
    }

    private func key(_ model: Int, _ name: String) -> String { "\(labels[model].lowercased())_\(name)" }

    /// Writes an object for each model, under its letter.
    private func writeSides<Cell>(
        _ cells: [Cell], to json: inout JSONWriter, _ body: (Int, Cell, inout JSONWriter) -> Void
    ) {
        for (index, cell) in cells.enumerated() {
            json.key(labels[index].lowercased())
            json.beginObject()
            body(index, cell, &json)
            json.endObject()
        }
    }

    private func write(_ probe: Recall, to json: inout JSONWriter) {
        json.beginObject()
        json.field("probe", probe.name)
        json.field("about", probe.about)
        json.key("rows")
        json.beginArray()
        for row in probe.rows {
            json.beginObject()
            json.field("distance", row.distance)
            json.field("length", row.length)
            json.field("chance", row.chance)
            writeSides(row.cells, to: &json) { index, cell, json in
                json.field("correct", cell.correct.value)
                json.field("correct_low", cell.correct.low)
                json.field("correct_high", cell.correct.high)
                json.field("first_choice", cell.firstChoice.value)
                json.field("log_probability", cell.logProbability.value)
                json.field("log_probability_low", cell.logProbability.low)
                json.field("log_probability_high", cell.logProbability.high)
                json.field("past_trained_context", isPastTraining(row.length, index))
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private func write(_ row: Loss, to json: inout JSONWriter) {
        json.beginObject()
        json.field("from", row.positions.lowerBound)
        json.field("to", row.positions.upperBound)
        writeSides(row.cells, to: &json) { index, cell, json in
            json.field("nll_mean", cell.value)
            json.field("perplexity", exp(cell.value))
            json.field("perplexity_low", exp(cell.low))
            json.field("perplexity_high", exp(cell.high))
            json.field("sequences", cell.trials)
            json.field("past_trained_context", isPastTraining(row.positions.upperBound, index))
        }
        json.endObject()
    }

    private func write(_ row: Depth, to json: inout JSONWriter) {
        json.beginObject()
        json.field("depth", row.depth)
        writeSides(row.cells, to: &json) { _, cell, json in
            json.field("tokens_per_second", cell.rate.median)
            json.field("tokens_per_second_min", cell.rate.min)
            json.field("tokens_per_second_max", cell.rate.max)
            json.field("memory_bytes", cell.stateBytes)
            json.field("made_up_cache", cell.cacheIsMadeUp)
        }
        json.endObject()
    }
}
