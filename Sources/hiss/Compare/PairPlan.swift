import Chat
import Engine
import Foundation
import Inference
import Launch

/// What a comparison on the screen needs besides the chat's model.
struct PairPlan: Sendable {
    /// How it begins: as the command line asks for it, or as the chat does.
    struct Start: Sendable {
        /// The model B; nil is the usual one.
        var model: String?
        /// Whether B takes Δ, B and C at their running mean.
        var isTimeInvariant = false
        var mode = ChatPair.Mode.free
        var isBlind = false
        /// What the two sessions are called, but for `-a` and `-b`; nil makes a name of the date.
        var session: String?
    }

    let session: SessionPlan
    let compute: ComputeOptions

    var store: (any ChatStore)? { session.start.store }

    /// Settles a model's file.
    func model(_ reference: String, isTimeInvariant: Bool) throws -> ModelPlan {
        var plan = try ComparedModel.plan(reference, session.start.composition.naming(reference), compute)
        if isTimeInvariant { plan.options.selection = .runningMean }
        return plan
    }

    /// How a side's session is kept.
    func options(_ side: ChatPair.Side, of base: String?, source: String, systemPrompt: String?) -> ChatSession.Options
    {
        var options = session.options
        (options.modelSource, options.systemPrompt) = (source, systemPrompt)
        options.name = base.map { Self.name(side, of: $0) }
        // The chat's template is of the chat's model.
        if source != session.conversation.model.source { options.settings[SettingKeys.template.name] = nil }
        return options
    }

    /// A name that no session has on either side: `2026-11-28-compare`.
    func freeName() async throws -> String? {
        guard store != nil else { return nil }
        let base = WallClockText.text(Date().timeIntervalSince1970).prefix(10) + "-compare"
        for number in 1...10_000 {
            let name = number == 1 ? String(base) : "\(base)-\(number)"
            if try await kept(name).isEmpty { return name }
        }
        return nil
    }

    /// The sessions of a name, of those sides that have one.
    func kept(_ base: String) async throws -> [ChatPair.Side: SessionInfo] {
        var kept: [ChatPair.Side: SessionInfo] = [:]
        for side in ChatPair.Side.allCases { kept[side] = try await store?.session(named: Self.name(side, of: base)) }
        return kept
    }

    static func name(_ side: ChatPair.Side, of base: String) -> String {
        "\(base)-\(side.rawValue.lowercased())"
    }
}
