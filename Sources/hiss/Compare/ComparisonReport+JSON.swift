import Chat
import JSON

extension ComparisonReport {
    /// One object: what both sides did over all prompts, and each prompt by itself.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("mode", mode.rawValue)
        json.field("temperature", sampling.temperature)
        json.field("seed", sampling.seed)
        for side in ChatPair.Side.allCases {
            json.key(side.rawValue.lowercased())
            write(side, to: &json)
        }
        Self.write(tally, to: &json)
        json.key("prompts")
        json.beginArray()
        for prompt in prompts { write(prompt, to: &json) }
        json.endArray()
        if let probes {
            json.key("probes")
            probes.write(to: &json)
        }
        json.endObject()
        json.newline()
        return json.drain()
    }

    private func write(_ side: ChatPair.Side, to json: inout JSONWriter) {
        let total = total(side)
        json.beginObject()
        json.field("model", models[side]?.title)
        json.field("family", models[side]?.family)
        json.field("precision", models[side]?.precision)
        json.field("state_bytes", models[side]?.stateBytes)
        json.field("state_bytes_per_token", models[side]?.stateBytesPerToken)
        json.field("memory_bytes", prompts.isEmpty ? nil : total.memoryBytes)
        json.field("prompt_tokens", total.promptTokens)
        json.field("completion_tokens", total.completionTokens)
        json.field("prompt_tokens_per_second", total.promptTokensPerSecond)
        json.field("tokens_per_second", total.tokensPerSecond)
        json.field("time_to_first_token", total.timeToFirstToken)
        json.field("perplexity", total.perplexity)
        json.endObject()
    }

    private func write(_ prompt: ComparedPrompt, to json: inout JSONWriter) {
        json.beginObject()
        json.field("prompt", prompt.text)
        for side in ChatPair.Side.allCases {
            json.key(side.rawValue.lowercased())
            let outcome = prompt.sides[side] ?? ComparedAnswer()
            json.beginObject()
            json.field("text", outcome.text)
            json.field("tokens", outcome.tokens.map(\.id))
            json.field("finish_reason", outcome.reason?.rawValue)
            json.field("memory_bytes", outcome.metrics.stateBytes)
            json.field("tokens_per_second", outcome.metrics.tokensPerSecond)
            json.field("time_to_first_token", outcome.metrics.timeToFirstToken)
            json.field("perplexity", outcome.perplexity)
            json.endObject()
        }
        Self.write(prompt.tally, to: &json)
        json.key("compared")
        json.beginArray()
        for token in prompt.sides[.b]?.tokens ?? [] {
            guard let comparison = token.comparison else { continue }
            json.beginObject()
            json.field("id", token.id)
            json.field("text", token.text)
            json.field("p_a", comparison.leaderProbability)
            json.field("p_b", comparison.followerProbability)
            json.field("kl", comparison.divergence)
            json.field("agrees", comparison.agrees)
            json.field("choice_b", comparison.choice.text)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ tally: ComparisonTally, to json: inout JSONWriter) {
        json.field("compared_tokens", tally.count)
        json.field("top1_agree", tally.agreement)
        json.field("kl_mean", tally.meanDivergence)
        json.field("first_difference", tally.firstDifference)
    }
}
