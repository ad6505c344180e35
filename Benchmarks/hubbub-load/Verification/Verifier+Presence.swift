/// Members that come and go during a run.
extension Verifier {
    /// A connection has ended too early. Lines that it misses from now on aren't reported
    /// separately.
    mutating func ended(_ member: Int, why: String) {
        let number = members.number(at: member)
        findings.add(.ended(connection: number, why: why, lines: lines(of: member)))
        left(member)
    }

    /// A member has left, as was intended or allowed.
    mutating func left(_ member: Int) {
        positions[member] = Self.away
        skipped[member] = nil
        starts[member] = nil
        gaps[member] = nil
        excused[member] = nil
    }

    /// A member has entered the room, and will get every line from some point on. Its first line
    /// shows which.
    mutating func entered(_ member: Int) {
        left(member)
        positions[member] = Self.entering
    }

    /// A member has entered the room, and will get every line after the one with this number.
    mutating func entered(_ member: Int, afterSeq seq: UInt64) {
        entered(member)
        if let place = log.lastIndex(ofSeq: seq) {
            starts[member] = place + 1
            positions[member] = place + 1
        }
    }

    /// The server's number of the last line that the member has received or was told of. Nil if it
    /// isn't known.
    func lastSeq(of member: Int) -> UInt64? {
        let position = positions[member]
        guard position < Self.entering, position > log.startIndex else { return nil }
        let seq = log[position - 1].seq
        return seq > 0 ? seq : nil
    }

    /// The server has told a member that it won't get the lines with these numbers.
    mutating func announcedGap(_ seqs: ClosedRange<UInt64>, to member: Int) {
        let oldest = log.startIndex < log.endIndex ? log[log.startIndex].seq : 0
        gaps[member]?.removeAll { $0.upperBound < oldest }
        gaps[member, default: []].append(seqs)
    }

    /// Whether the member was told that it won't get the line with this number.
    func isExcused(_ seq: UInt64, _ member: Int) -> Bool {
        gaps[member]?.contains { $0.contains(seq) } == true
    }
}
