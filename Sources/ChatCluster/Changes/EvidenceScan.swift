internal import Chat

/// Finds the lines of a room that a purge is for, the newest first, a page at a time.
struct EvidenceScan {
    /// Milliseconds. Times may go back a little, as clocks do.
    private static let clockSlack: Int64 = 60_000

    private let match: LineMatch
    /// The line that the order names. It is known.
    private let named: UInt64?
    /// The next page has lines below this number.
    private(set) var below: UInt64
    /// Lines that may yet be found.
    private var left = PurgeOrder.lineLimit

    /// Looks at the lines up to `last`.
    init(_ match: LineMatch, upTo last: UInt64, named: UInt64?) {
        (self.match, self.named) = (match, named)
        below = min(last, match.seqs.upperBound) + (last < .max ? 1 : 0)
    }

    /// Adds what is found in the next page to the evidence. Returns whether the scan is done.
    mutating func step(
        _ page: [OriginLine], into evidence: inout ChangeRequest.Evidence, at now: Timestamp
    ) -> Bool {
        let oldest = match.since.milliseconds - Self.clockSlack
        for found in page {
            let line = found.line
            below = min(below, line.seq)
            if line.time.milliseconds < oldest || left == 0 { return true }
            guard !line.isDeleted else { continue }
            var origin: Origin?
            if match.needsOrigins, line.author.isGuest {
                origin = found.known(at: now)
                evidence.origins[line.seq] = origin
            }
            guard match.takes(line, from: origin), line.seq != named else { continue }
            evidence.lines.append(line)
            evidence.matched += 1
            left -= 1
        }
        return page.isEmpty || below <= match.seqs.lowerBound || below <= 1
    }
}

extension OriginLine {
    /// Where it comes from, as long as that may be known.
    func known(at now: Timestamp) -> Origin? {
        guard now.milliseconds - line.time.milliseconds < Origin.period, origin != .unknown
        else { return nil }
        return origin
    }
}
