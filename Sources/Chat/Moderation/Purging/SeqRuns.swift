/// Numbers of lines as runs of consecutive ones.
public struct SeqRuns: Equatable, Sendable {
    public private(set) var runs: [ClosedRange<UInt64>] = []

    /// The numbers must ascend.
    public init(_ seqs: [UInt64]) {
        for seq in seqs {
            if let last = runs.last, last.upperBound &+ 1 == seq {
                runs[runs.count - 1] = last.lowerBound...seq
            } else {
                runs.append(seq...seq)
            }
        }
    }

    /// Reads ``text``. Nil if it isn't one, or if it has more than `limit` numbers.
    package init?(_ text: String, limit: Int) {
        var count = 0
        for part in text.split(separator: " ") {
            let ends = part.split(separator: "-").map { UInt64($0) }
            guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last,
                last - first < limit
            else { return nil }
            count += Int(last - first) + 1
            guard count <= limit else { return nil }
            runs.append(first...last)
        }
    }

    package var text: String {
        runs.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
    }

    public var seqs: [UInt64] { runs.flatMap { Array($0) } }

    var count: UInt64 { runs.reduce(0) { $0 + $1.upperBound - $1.lowerBound + 1 } }

    /// The same in parts of at most `limit` runs.
    func parts(atMost limit: Int) -> [SeqRuns] {
        stride(from: 0, to: runs.count, by: limit).map { start in
            var part = SeqRuns([])
            part.runs = Array(runs[start..<min(start + limit, runs.count)])
            return part
        }
    }
}
