internal import Chat

/// Changes of rooms, lines that wait, and what is in force.
extension ShardFollower {
    /// What the server learns when an epoch begins: all that is in force. Nil if the shard was
    /// never open.
    var opening: OrdererOpening? { changes.current }

    /// What the server is told again behind that.
    var ahead: [OrdererReply] { changes.replica.ahead }

    /// The shard has answered a command about changes.
    mutating func answeredChange(_ number: UInt64, _ reply: ShardReply, at now: UInt64) {
        guard let ticket = tickets.removeValue(forKey: number) else { return }
        guard case .changes(let answer) = reply else {
            link.hadTrouble(reply.failure)
            return changes.failed(ticket)
        }
        link.wasWell(at: now)
        changes.received(answer, to: ticket)
        switch answer {
        case .made(.otherEpoch), .released(.otherEpoch): askEpoch(at: now)
        case .made(.refused(let reason)), .released(.refused(let reason)):
            refused(reason, at: now)
        case .made, .released, .surveyed, .waiting, .revocations, .news, .consulted, .scanned,
            .erased, .unerased, .logged, .held, .dropped, .notified:
            break
        }
    }

    /// Sends what changes need, and tells the server what has come of them.
    mutating func settleChanges(at now: UInt64) {
        for (ticket, command) in changes.takeCommands() {
            tickets[calls.ask(.changes(command))] = ticket
        }
        let opening = changes.takeOpening()
        if case .reading(let epoch) = link.phase, changes.isOpen(in: epoch) {
            opened(epoch, opening, at: now)
        } else if let opening {
            replies.append(.ready(opening))
        }
        replies += changes.takeReplies()
    }

    /// Whether a line waits in a room of this shard.
    func holds(_ id: UInt64) -> Bool { changes.replica.held[id] != nil }

    /// A ban holds everywhere that another shard has made.
    mutating func banned(everywhere ban: Ban, at now: UInt64) {
        changes.banned(everywhere: ban)
        settleChanges(at: now)
    }
}
