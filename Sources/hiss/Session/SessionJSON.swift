import Chat
import JSON

extension JSONWriter {
    /// A session as an object.
    mutating func write(_ session: SessionInfo) {
        beginObject()
        fields(of: session)
        endObject()
    }

    /// A session's fields, in an object that goes on.
    mutating func fields(of session: SessionInfo) {
        field("name", session.name)
        field("id", session.id.description)
        field("model", session.model.name)
        field("model_digest", session.model.model)
        field("tokenizer_digest", session.model.tokenizer)
        field("model_source", session.modelSource)
        field("system", session.systemPrompt)
        field("persona", session.isPersona)
        field("created", session.created)
        field("changed", session.changed)
        field("turns", session.turns)
        field("tokens_seen", session.tokensSeen)
        field("snapshot_bytes", session.snapshotBytes)
        field("first_words", session.firstWords)
    }

    /// A turn of a timeline as an object.
    mutating func write(_ row: TimelineRow) {
        beginObject()
        field("turn", row.label)
        field("parent", row.parent)
        field("kind", row.kind.rawValue)
        field("question", row.question)
        field("answer", row.answer)
        field("tokens", row.tokens)
        field("tokens_seen", row.tokensSeen)
        field("snapshot", row.digest.isEmpty ? nil : row.digest)
        field("created", row.created)
        field("branch", row.branch)
        field("bookmark", row.bookmark)
        field("current", row.isCurrent)
        field("on_path", row.isOnPath)
        endObject()
    }

    /// Where a session stands after another turn was mixed in, as an object.
    mutating func write(_ place: ChatSession.Place, merging turn: String, weight: Double) {
        beginObject()
        field("session", place.session?.name)
        field("turn", place.label)
        field("merged", turn)
        field("weight", weight)
        field("tokens_seen", place.tokensSeen)
        field("recomputed", place.recomputedTokens)
        field("note", place.note)
        endObject()
    }

    /// How two states differ, as an object.
    mutating func write(_ difference: StateDifference) {
        beginObject()
        field("from", difference.from)
        field("to", difference.to)
        key("layers")
        beginArray()
        for layer in difference.layers {
            beginObject()
            field("layer", layer.index)
            field("change", layer.change)
            endObject()
        }
        endArray()
        key("most_changed")
        beginArray()
        for part in difference.mostChanged {
            beginObject()
            field("layer", part.layer)
            field("part", part.name)
            field("change", part.change)
            endObject()
        }
        endArray()
        key("before")
        write(difference.before)
        key("after")
        write(difference.after)
        field("kl_nats", difference.divergence)
        endObject()
    }

    /// What would be said next, as an object.
    mutating func write(_ prediction: StateDifference.Prediction) {
        beginObject()
        field("entropy_bits", prediction.entropy)
        key("top")
        beginArray()
        for choice in prediction.top {
            beginObject()
            field("id", choice.id)
            field("text", choice.text)
            field("p", choice.probability)
            endObject()
        }
        endArray()
        endObject()
    }
}
