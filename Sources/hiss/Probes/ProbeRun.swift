import Chat
import Engine
import Inference

/// Puts models through probes.
struct ProbeRun {
    let plan: ProbePlan
    let models: [LoadedModel]
    /// Told how much of the work is done, between 0 and 1, and what is being done.
    let progress: (Double, String) -> Void

    private static let decodedTokens = 32
    private static let repetitions = 3

    func run() throws -> ProbeReport {
        let materials = models.map { ProbeMaterial($0.tokenizer, text: plan.text) }
        var work = Work(total: Double(workTokens(materials)), progress: progress)
        var report = ProbeReport(models: models.map(\.summary), seed: plan.seed, trials: plan.trials)
        for probe in plan.kinds.recall { report.recall.append(try recall(probe, materials, &work)) }
        if plan.kinds.hasPerplexity { report.losses = try losses(materials, &work) }
        if plan.kinds.hasDepth { report.depths = try depths(&work) }
        return report
    }

    /// Tokens that are read in all, roughly.
    private func workTokens(_ materials: [ProbeMaterial]) -> Int {
        let recall = plan.kinds.recall.reduce(0) { sum, probe in
            sum + materials.reduce(0) { $0 + plan.trials * trial(probe, 0, $1).tokenCount }
        }
        let losses = plan.kinds.hasPerplexity ? models.count * plan.trials * (plan.distances.last ?? 0) : 0
        return recall + losses + (plan.kinds.hasDepth ? depthWork : 0)
    }

    private var depthWork: Int { models.count * ((plan.depths.last ?? 0) + plan.depths.count * Self.decodeWork) }

    /// What decoding takes, in tokens that are read.
    private static let decodeWork = 8 * decodedTokens * (repetitions + 1)

    private func trial(_ probe: any RecallProbe.Type, _ number: Int, _ material: ProbeMaterial) -> [RecallStation] {
        probe.trial(number, seed: plan.seed, distances: plan.distances, material: material)
    }

    private func recall(
        _ probe: any RecallProbe.Type, _ materials: [ProbeMaterial], _ work: inout Work
    ) throws -> ProbeReport.Recall {
        // By model, trial and station.
        var scores: [[[RecallScore]]] = models.map { _ in [] }
        var stations: [RecallStation] = []
        for number in 0..<plan.trials {
            for (index, model) in models.enumerated() {
                let trial = trial(probe, number, materials[index])
                stations = trial
                work.begin("\(probe.name), trial \(number + 1) of \(plan.trials)")
                scores[index].append(try trial.scores(model.model))
                work.finish(trial.tokenCount)
            }
        }
        let lengths = stations.lengths
        let rows = stations.indices.map { place in
            let found = scores.map { trials in trials.map { $0[place] } }
            return ProbeReport.Recall.Row(
                distance: stations[place].distance, length: lengths[place], chance: found[0][0].chance,
                cells: found.compactMap(ProbeReport.Recall.Cell.init))
        }
        return ProbeReport.Recall(name: probe.name, about: probe.about, rows: rows)
    }

    private func losses(_ materials: [ProbeMaterial], _ work: inout Work) throws -> [ProbeReport.Loss] {
        let room = (materials.map(\.text.count).min() ?? 0) - 1
        // What the text is too short for is left out.
        let ranges = PositionLosses.ranges(plan.distances).filter { $0.upperBound <= room }
        guard let length = ranges.last?.upperBound else { return [] }
        let means = try zip(models, materials).map { model, material in
            try PositionLosses.starts(plan.trials, length: length, textCount: material.text.count).map { start in
                work.begin("\(PositionLosses.name) by position")
                defer { work.finish(length) }
                return try PositionLosses.means(model.model, material: material, start: start, ranges: ranges)
            }
        }
        return ranges.indices.map { place in
            ProbeReport.Loss(
                positions: ranges[place],
                cells: means.compactMap { trials in MeanEstimate(trials.map { $0[place] }) })
        }
    }

    private func depths(_ work: inout Work) throws -> [ProbeReport.Depth] {
        let measure = DecodeMeasure(tokens: Self.decodedTokens)
        var rows = plan.depths.map { ProbeReport.Depth(depth: $0, cells: []) }
        for model in models {
            var runner = ModelRunner(model.model)
            var read = 0
            for index in rows.indices {
                let depth = rows[index].depth
                work.begin("rate after \(depth) tokens")
                let isMadeUp = try DepthMeasure.descend(&runner, to: depth)
                let rate = try measure.run(&runner, repetitions: Self.repetitions)
                rows[index].cells.append(
                    ProbeReport.Depth.Cell(
                        rate: rate, stateBytes: runner.state.byteCount, cacheIsMadeUp: isMadeUp))
                work.finish(depth - read + Self.decodeWork)
                read = depth
            }
        }
        return rows
    }

    /// How much is done.
    private struct Work {
        let total: Double
        let progress: (Double, String) -> Void
        private var done = 0.0

        init(total: Double, progress: @escaping (Double, String) -> Void) {
            self.total = max(1, total)
            self.progress = progress
        }

        func begin(_ what: String) { progress(min(1, done / total), what) }

        mutating func finish(_ tokens: Int) { done += Double(tokens) }
    }
}

extension ProbeReport.Recall.Cell {
    /// Nil where there is no trial.
    fileprivate init?(_ scores: [RecallScore]) {
        guard let correct = Proportion(scores.map(\.correct)),
            let firstChoice = Proportion(scores.map(\.firstChoice)),
            let logProbability = MeanEstimate(scores.map(\.logProbability))
        else { return nil }
        self.init(correct: correct, firstChoice: firstChoice, logProbability: logProbability)
    }
}
