import Chat

/// Does what is asked by those who look inside the model.
struct MindDesk: Sendable {
    private let chat: ChatSession

    init(_ chat: ChatSession) {
        self.chat = chat
    }

    func perform(_ request: MindRequest) async throws -> SessionReply {
        switch request {
        case .look(let query): return .insight(try await chat.insight(query))
        case .export(let query, let file):
            let report = InsightReport(try await chat.insight(query), of: chat.engine.summary)
            let bytes = file.lowercased().hasSuffix(".svg") ? Array(report.svg.utf8) : report.json
            try SessionFiles.write(bytes, to: file, replacing: false)
            return .done(
                "Written: \(file), what token \(report.insight.position) reads in layer \(report.insight.layer).")
        case .close:
            await chat.engine.endObservation()
            return .nothing
        }
    }
}
