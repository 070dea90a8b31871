import Chat
import Engine
import JSON
import Launch

extension BenchReport {
    /// One object; the figures of the first depth stand on top as well.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("model", model.name)
        json.field("title", model.title)
        json.field("family", model.family)
        json.field("parameters", model.parameters)
        json.field("precision", model.precision)
        json.field("threads", model.threads)
        json.field("isa", instructionSet)
        json.field("prompt_tokens", promptTokens)
        json.field("decode_tokens", decodeTokens)
        json.field("repetitions", repetitions)
        write(speeds[0], to: &json)
        json.field("load_seconds", loadSeconds)
        json.field("peak_bytes", peakBytes)
        json.field("weight_bytes_per_token", weightBytesPerToken)
        json.field("read_bandwidth", readBandwidth)
        json.key("depths")
        json.beginArray()
        for entry in speeds {
            json.beginObject()
            write(entry, to: &json)
            json.endObject()
        }
        json.endArray()
        if let profile { write(profile, to: &json) }
        if let answer { write(answer, to: &json) }
        if let sideBySide { write(sideBySide, to: &json) }
        if let sessions { write(sessions, to: &json) }
        if !kernels.isEmpty { writeKernels(to: &json) }
        json.endObject()
        json.newline()
        return json.drain()
    }

    private func write(_ speeds: DepthSpeeds, to json: inout JSONWriter) {
        json.field("depth", speeds.depth)
        json.field("cache_is_made_up", speeds.cacheIsMadeUp)
        write(speeds.prefill, "prefill", to: &json)
        write(speeds.decode, "decode", to: &json)
        json.field("prefill_operations_per_second", prefillRate(speeds))
        json.field("state_bytes", speeds.stateBytes)
        json.field("bytes_per_token", bytesPerToken(speeds))
        json.field("bandwidth_fraction", bandwidthFraction(speeds))
    }

    private func write(_ spread: Spread, _ name: String, to json: inout JSONWriter) {
        json.key(name)
        json.beginObject()
        json.field("median", spread.median)
        json.field("min", spread.min)
        json.field("max", spread.max)
        json.endObject()
    }

    private func write(_ answer: AnswerMeasure.Outcome, to json: inout JSONWriter) {
        json.key("answer")
        json.beginObject()
        write(answer.fed, "fed", to: &json)
        write(answer.chosen, "chosen", to: &json)
        write(answer.kept, "kept", to: &json)
        json.field("choosing_part", answer.choosingPart)
        json.field("keeping_part", answer.keepingPart)
        json.endObject()
    }

    private func write(_ pair: SideBySideMeasure.Outcome, to json: inout JSONWriter) {
        json.key("side_by_side")
        json.beginObject()
        write(pair.alone, "alone", to: &json)
        write(pair.together, "together", to: &json)
        write(pair.slower, "slower", to: &json)
        write(pair.faster, "faster", to: &json)
        json.endObject()
    }

    private func write(_ profile: Profile, to json: inout JSONWriter) {
        json.key("profile")
        json.beginObject()
        for part in profile.parts {
            json.key(part.key)
            json.beginObject()
            json.field("seconds_per_token", part.times.total / Double(part.tokens))
            for (name, seconds) in part.times.ranked { json.field(name, seconds / Double(part.tokens)) }
            json.endObject()
        }
        json.endObject()
    }

    private func write(_ sessions: SessionMeasure.Outcome, to json: inout JSONWriter) {
        json.key("sessions")
        json.beginObject()
        json.field("tokens", sessions.tokens)
        json.field("turns", sessions.turns)
        json.field("text_bytes", sessions.textBytes)
        for row in sessions.rows { write(row.spread, row.key, to: &json) }
        json.endObject()
    }

    private func writeKernels(to json: inout JSONWriter) {
        json.key("kernels")
        json.beginArray()
        for row in kernels {
            json.beginObject()
            json.field("type", row.kind.typeName)
            json.field("rows", row.kind.rows)
            json.field("columns", row.kind.columns)
            json.field("count", row.count)
            json.field("decode_operations_per_second", row.decodeRate)
            json.field("prefill_operations_per_second", row.prefillRate)
            json.field("streaming_bytes_per_second", row.streamingRate)
            json.endObject()
        }
        json.endArray()
        json.field("kernel_peak_operations_per_second", kernelPeak)
    }
}
