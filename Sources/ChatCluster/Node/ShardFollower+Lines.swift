internal import Chat

/// Lines of the server, on their way to the shard.
extension ShardFollower {
    mutating func append(_ submissions: [Submission], at now: UInt64) {
        precondition(group == nil, "a group is under way")
        guard !link.isFailing else {
            let answers = submissions.map { _ in SubmissionAnswer.failed }
            return replies.append(
                .answered(doubts.checked(answers, to: submissions, at: now)))
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
            answerGroup(at: now)
        case .appended(.otherEpoch):
            group?.isNew(room)
            askEpoch(at: now)
        case .appended(.unsettled(let reason)):
            group?.lost(room)
            refused(reason, at: now)
        case .appended(.refused(let reason)): refused(room, reason, at: now)
        case .entered, .nameTaken, .beaten, .begun, .raised, .opened, .read, .caughtUp,
            .trimmed, .changes, .presence, .failed:
            refused(room, reply.failure, at: now)
        }
    }

    private mutating func refused(_ room: RoomName, _ reason: String, at now: UInt64) {
        group?.refused(room)
        refused(reason, at: now)
    }

    /// The shard takes no lines.
    mutating func refused(_ reason: String, at now: UInt64) {
        link.hadTrouble(reason)
        link.refusedLines(at: now)
        fail(reason, at: now)
    }

    /// The lines that aren't under way have failed, or their outcome stays unknown.
    mutating func giveUpLines(at now: UInt64) {
        group?.giveUp()
        answerGroup(at: now)
    }

    private mutating func answerGroup(at now: UInt64) {
        guard let group, let outcome = group.outcome else { return }
        self.group = nil
        replies.append(.answered(doubts.checked(outcome, to: group.submissions, at: now)))
    }
}
