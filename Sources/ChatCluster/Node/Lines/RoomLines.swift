internal import Chat

/// The lines of a group for one room. They go to the shard in chunks, one after another.
struct RoomLines {
    private enum State {
        /// The chunk isn't appended for certain, and nothing of it is under way.
        case waiting
        case underWay
        /// The connection broke. The same chunk must be sent again to learn its outcome.
        case unknown
    }

    let room: RoomName
    private(set) var submissions: [Submission] = []
    /// The place of each line in its group.
    private var places: [Int] = []
    /// The lines before it have their answers.
    private var start = 0
    private var state = State.waiting
    /// The number of the chunk. The shard recognises the chunk by it.
    private var number: UInt64 = 0
    /// Whether the chunk may have been appended by a command whose answer was lost.
    private var isUncertain = false

    init(_ room: RoomName) {
        self.room = room
    }

    mutating func add(_ submission: Submission, at place: Int) {
        submissions.append(submission)
        places.append(place)
    }

    private var chunk: Range<Int> {
        start..<min(start + ShardLimits.appendLines, submissions.count)
    }

    /// The chunk to send now. Nil if there is none, or if one is under way.
    mutating func next(
        counting groups: inout UInt64
    ) -> (number: UInt64, submissions: [Submission])? {
        guard start < submissions.count else { return nil }
        switch state {
        case .underWay: return nil
        case .waiting:
            groups += 1
            (number, isUncertain) = (groups, false)
        case .unknown: break
        }
        state = .underWay
        return (number, chunk.count == submissions.count ? submissions : Array(submissions[chunk]))
    }

    /// The connection broke.
    mutating func lost() {
        guard state == .underWay else { return }
        (state, isUncertain) = (.unknown, true)
    }

    /// The chunk has its answers. Returns the places of its lines.
    mutating func answered() -> ArraySlice<Int> {
        let settled = places[chunk]
        start = chunk.upperBound
        (state, isUncertain) = (.waiting, false)
        return settled
    }

    /// Nothing of the chunk was appended, now or before. It is sent anew.
    mutating func isNew() { (state, isUncertain) = (.waiting, false) }

    /// The shard didn't append the chunk. Whether an earlier command did may still be unknown.
    mutating func refused() { state = isUncertain ? .unknown : .waiting }

    /// Gives up the lines that aren't under way. Returns the places of those that aren't appended
    /// for certain, and of those that may be.
    mutating func giveUp() -> (failed: ArraySlice<Int>, uncertain: ArraySlice<Int>) {
        let end = state == .waiting ? start : chunk.upperBound
        let left = state == .unknown ? start : end
        defer {
            submissions.removeSubrange(left...)
            places.removeSubrange(left...)
            if state == .unknown { (state, isUncertain) = (.waiting, false) }
        }
        return (places[end...], places[left..<end])
    }
}
