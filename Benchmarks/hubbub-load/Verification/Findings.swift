/// The numbers of all findings, and the first ones of each kind in full.
struct Findings {
    /// The number of findings of a kind that are reported in full.
    static let shown = 10

    private(set) var first: [Finding] = []
    private(set) var counts: [Finding.Kind: Int] = [:]
    private var told: [Finding.Kind: Int] = [:]

    var isEmpty: Bool { counts.isEmpty }
    var count: Int { counts.values.reduce(0, +) }

    /// Adds a finding that covers `count` deliveries.
    mutating func add(_ finding: Finding, count: Int = 1) {
        counts[finding.kind, default: 0] += count
        guard told[finding.kind, default: 0] < Self.shown else { return }
        told[finding.kind, default: 0] += 1
        first.append(finding)
    }
}
