import Chat

/// Looking inside two models that are compared: one of them with its layers, and beside it how the other one reads the
/// same tokens.
extension AppModel {
    /// The model that is looked into, by its side and name; nil in the chat, where there is one.
    var mindName: String? {
        guard let pair else { return nil }
        return [focusedSide.rawValue, pair.name(focusedSide)].compactMap { $0 }.joined(separator: " ")
    }

    /// What is said of every token, on one scale as far as it is the same.
    var mindRows: [MindRow] {
        guard let mind else { return [] }
        guard pair != nil else { return mind.rows }
        func rows(_ rows: [MindRow], of side: ChatPair.Side) -> [MindRow] {
            rows.map { row in
                var row = row
                row.side = side
                return row
            }
        }
        let others = mindBeside.map { $0.rows(besides: mind) } ?? []
        return MindRow.onOneScale(rows(mind.rows, of: focusedSide) + rows(others, of: focusedSide.other))
    }

    /// What the row comes to, and that of the other model.
    var mindSummary: String {
        guard let mind else { return "" }
        guard pair != nil else { return mind.summaryText }
        guard let beside = mindBeside else {
            return mind.reachTexts.joined(separator: "; ") + "; \(focusedSide.other.rawValue) has read other tokens"
        }
        guard beside.scan != nil || beside.attention != nil else {
            return mind.summaryText
        }
        let reach = beside.scan?.reach ?? beside.attention?.reach
        let words = reach.map { "90 % from the last \(Insight.tokens($0))" } ?? "90 % reach further back than the trace"
        return mind.reachTexts.joined(separator: "; ")
            + "; \(focusedSide.other.rawValue), layer \(beside.layer): \(words)"
    }

    /// In a comparison it is its models that are looked into, not the chat's.
    func inComparison(_ effects: [Effect]) -> [Effect] {
        guard pair != nil else { return effects }
        return effects.map { effect in
            if case .session(.mind(let request)) = effect { return .pair(.mind(focusedSide, request)) }
            return effect
        }
    }
}

extension Insight {
    /// Its shares of what is read, for the tokens of another insight.
    fileprivate func rows(besides other: Insight) -> [MindRow] {
        let shift = other.start - start
        return rows.filter(\.isShare).map { row in
            var row = row
            row.values = (0...other.reader).map { index in
                row.values.indices.contains(index + shift) ? row.values[index + shift] : 0
            }
            return row
        }
    }
}
