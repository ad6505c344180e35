/// Searches for the highest rate that a server holds. It doubles the rate until the server fails,
/// and then bisects. A rate that fails is tried a second time, because the machine may have been
/// busy with other work.
struct LimitSearch {
    /// The result of one rate.
    struct Step: Encodable, Equatable {
        /// Lines a second.
        let rate: Double
        /// Milliseconds. Nil if nothing was measured.
        let p99: Double?
        let isHeld: Bool
        /// Lines that this program had no time to send.
        let unsent: Int

        var text: String {
            let p99 = p99.map { "p99 \(fixed($0, 3)) ms" } ?? "no delivery"
            let verdict = isHeld ? "held" : unsent > 0 ? "not all sent" : "not held"
            return "\(fixed(rate, 1)) lines/s: \(p99), \(verdict)"
        }
    }

    struct Result: Encodable, Equatable {
        /// Milliseconds.
        let targetP99: Double
        /// The highest rate that was held. Nil if none was.
        let rate: Double?
        let steps: [Step]
        /// Whether this program was the limit, not the server.
        let isOurs: Bool

        /// Rows for the summary.
        var rows: [(name: String, text: String)] {
            let what = rate.map { "\(fixed($0, 1)) lines/s" } ?? "no rate"
            let cause = isOurs ? "; above that this program was the limit" : ""
            let limit = "\(what) held with p99 up to \(fixed(targetP99, 1)) ms\(cause)"
            return [("limit", limit)]
        }
    }

    /// The distance between a held and a failed rate, relative to the rate, that ends the search.
    private static let precision = 0.05
    private static let stepLimit = 32
    /// The highest rate that is tried.
    private static let highest = 1_000_000.0

    let targetP99: Double
    /// The next rate to try. Nil when the search has ended.
    private(set) var next: Double?
    private(set) var steps: [Step] = []
    private var held: Double?
    private var failed: Double?
    /// Whether the current rate failed the first time.
    private var isRetry = false

    init(from rate: Double, targetP99: Double) {
        self.targetP99 = targetP99
        next = rate
    }

    /// Takes the result of the current rate. It is held if everything was sent and arrived in time.
    mutating func took(p99: Double?, unsent: Int, isClean: Bool) {
        guard let rate = next else { return }
        let isHeld = isClean && unsent == 0 && p99.map { $0 <= targetP99 } == true
        steps.append(Step(rate: rate, p99: p99, isHeld: isHeld, unsent: unsent))
        if !isHeld, !isRetry, unsent == 0 {
            isRetry = true
            if steps.count >= Self.stepLimit { next = nil }
            return
        }
        isRetry = false
        if isHeld { held = rate } else { failed = rate }
        next = following
    }

    private var following: Double? {
        guard steps.count < Self.stepLimit else { return nil }
        switch (held, failed) {
        case (let held?, nil): return held < Self.highest ? min(held * 2, Self.highest) : nil
        case (nil, let failed?): return failed > 1 ? failed / 2 : nil
        case (let held?, let failed?):
            return failed - held > held * Self.precision ? (held + failed) / 2 : nil
        case (nil, nil): return next
        }
    }

    var result: Result {
        let lowest = steps.filter { !$0.isHeld }.min { $0.rate < $1.rate }
        return Result(
            targetP99: targetP99, rate: held, steps: steps,
            isOurs: lowest.map { $0.unsent > 0 } ?? false)
    }
}
