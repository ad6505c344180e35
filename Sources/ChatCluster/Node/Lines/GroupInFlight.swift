internal import Chat

/// A group of the server's lines, split by room. The server gets one answer for all.
struct GroupInFlight {
    let submissions: [Submission]
    private(set) var rooms: [RoomLines] = []
    private var places: [RoomName: Int] = [:]
    private var answers: [SubmissionAnswer]
    private var unanswered: Int

    init(_ submissions: [Submission]) {
        self.submissions = submissions
        // What is never answered has failed.
        answers = Array(repeating: .failed, count: submissions.count)
        unanswered = submissions.count
        for place in submissions.indices {
            let room = submissions[place].draft.room
            let index = places[room] ?? rooms.count
            if index == rooms.count {
                rooms.append(RoomLines(room))
                places[room] = index
            }
            rooms[index].add(submissions[place], at: place)
        }
    }

    /// One answer for each line, in order. Nil until all are known.
    var outcome: [SubmissionAnswer]? { unanswered == 0 ? answers : nil }

    /// The next chunk of a room, if the group has one that can be sent.
    mutating func next(
        of room: RoomName, counting groups: inout UInt64
    ) -> (number: UInt64, submissions: [Submission])? {
        guard let index = places[room] else { return nil }
        return rooms[index].next(counting: &groups)
    }

    /// The answer to a room's chunk is lost.
    mutating func lost(_ room: RoomName) { update(room) { $0.lost() } }

    /// A room's chunk was not appended, and is sent anew.
    mutating func isNew(_ room: RoomName) { update(room) { $0.isNew() } }

    /// A room's chunk was answered.
    mutating func answered(_ room: RoomName, _ outcomes: [SubmissionAnswer]) {
        guard let index = places[room] else { return }
        let settled = rooms[index].answered()
        precondition(settled.count == outcomes.count, "the shard has answered other lines")
        for (place, outcome) in zip(settled, outcomes) { answers[place] = outcome }
        unanswered -= settled.count
    }

    /// The shard takes no lines of a room.
    mutating func refused(_ room: RoomName) { update(room) { $0.refused() } }

    /// The lines that aren't appended for certain have failed. Of those that may be appended,
    /// nobody knows. Those that are under way still wait.
    mutating func giveUp() {
        for index in rooms.indices {
            let (failed, uncertain) = rooms[index].giveUp()
            for place in uncertain { answers[place] = .uncertain }
            unanswered -= failed.count + uncertain.count
        }
    }

    private mutating func update(_ room: RoomName, _ body: (inout RoomLines) -> Void) {
        if let index = places[room] { body(&rooms[index]) }
    }
}
