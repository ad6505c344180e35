internal import Chat

/// Lines of the server, on their way to the shard.
extension ShardFollower {
    mutating func append(_ submissions: [Submission]) {
        precondition(group == nil, "a group is under way")
        guard !link.isFailing else {
            return replies.append(
                .answered(Array(repeating: .failed, count: submissions.count)))
        }
        group = GroupInFlight(submissions)
        sendLines()
    }

    /// Sends what can be sent.
    mutating func sendLines() {
        guard let group else { return }
        for lines in group.rooms { sendLines(of: lines.room) }
    }

    /// Sends the next lines of a room, unless some are under way. If the room is about to be
    /// opened, they wait, so that they come as entries after its state.
    mutating func sendLines(of room: RoomName) {
        guard group != nil, link.phase == .open, let epoch = link.epoch,
            rooms[room]?.holdsLines != true,
            let (number, submissions) = group?.next(of: room, counting: &groups)
        else { return }
        counts.appends += 1
        calls.ask(.append(run, group: number, room, epoch, submissions))
    }

    mutating func appended(_ reply: ShardReply, in room: RoomName, at now: UInt64) {
        guard group != nil else { return }
        switch reply {
        case .appended(.answered(let answers)):
            link.wasWell(at: now)
            group?.answered(room, answers)
            sendLines(of: room)
            answerGroup()
        case .appended(.otherEpoch):
            group?.isNew(room)
            askEpoch(at: now)
        case .appended(.refused(let reason)): refused(room, reason, at: now)
        case .entered, .nameTaken, .beaten, .begun, .raised, .opened, .read, .caughtUp,
            .changes, .presence, .failed:
            refused(room, reply.failure, at: now)
        }
    }

    private mutating func refused(_ room: RoomName, _ reason: String, at now: UInt64) {
        link.hadTrouble(reason)
        link.refusedLines(at: now)
        group?.refused(room)
        fail(reason)
    }

    /// The lines that aren't appended for certain have failed.
    mutating func giveUpLines() {
        group?.giveUp()
        answerGroup()
    }

    private mutating func answerGroup() {
        guard let outcome = group?.outcome else { return }
        group = nil
        replies.append(.answered(outcome))
    }
}
