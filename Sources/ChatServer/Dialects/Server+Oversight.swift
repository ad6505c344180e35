internal import Chat
internal import Identity
internal import Logging
internal import Reactor
internal import WebSocket

/// Operators: what they see of the server, and what they do on all of it. Requests and commands are
/// served by the same functions.
extension Server where Net: ~Copyable {
    /// A command of an operator.
    mutating func oversee(
        _ index: Int, _ id: String?, _ wanted: Oversight
    ) throws(Refusal) {
        guard connections[index].flags.contains(.identified),
            let sub = identities.sub(index), let rights = identities.rights(index),
            let reach = Reach(rights)
        else { throw .notOperator }
        guard servesOperators(index) else { throw .notHere }
        switch wanted {
        case .figures(let after): reply(index, figures(id: id, after: after, for: reach))
        case .inspect(let subject):
            reply(index, try inspection(of: subject, id: id, for: reach))
        case .disconnect(let subject, let reason):
            guard reach.isEverything else { throw .notOwner }
            let count = try disconnect(subject, reason, by: sub)
            // It may have been its own connection.
            guard connections[index].isInChat else { return }
            enqueueReply(index) {
                EventWriter.disconnected(id: id, subject, connections: count, into: &$0)
            }
        case .revoke(let tokens):
            guard reach.isEverything else { throw .notOwner }
            try revoke(tokens, by: sub, for: connections.token(at: index), id: id)
        }
    }

    private mutating func reply(_ index: Int, _ event: [UInt8]) {
        enqueueReply(index) { $0 += event }
    }

    // MARK: Seeing

    /// The event `server`, with samples that were taken after a time, if they are wanted.
    mutating func figures(id: String?, after: UInt64?, for reach: Reach) -> [UInt8] {
        allowances.turns.spend(Cost.figures)
        let figures = Figures(of: &self)
        var rooms = figures.rooms
        if !reach.isEverything {
            allowances.turns.spend(
                min(hub.rooms.count, RoomFigures.lookedThrough) / Cost.roomsLookedThrough)
            rooms = RoomFigures(reach, of: figures.rooms, hub, streams)
        }
        var report = ServerReport(id: id, reach: reach, figures: figures, rooms: rooms)
        report.samples = after.map { monitor.samples.taken(after: $0) }
        let event = report.event(of: self)
        allowances.turns.spend(event.count / Cost.answerBytes)
        return event
    }

    /// The event `inspect`.
    mutating func inspection(
        of subject: Oversight.Subject, id: String?, for reach: Reach
    ) throws(Refusal) -> [UInt8] {
        allowances.turns.spend(Cost.inspection)
        let event: [UInt8]
        switch subject {
        case .room(let room):
            guard reach.includes(room) else { throw .notModerator }
            if let room = hub.room(named: room) { seal(room) }
            event = RoomReport.event(of: self, room: room, id: id)
        case .user(let user):
            allowances.turns.spend(identities.count / Cost.holdersLookedThrough)
            event = ConnectionReport.event(of: self, user: user, id: id, for: reach)
        case .connection(let name):
            guard let token = addresses.origins.token(named: name), connections.contains(token),
                ConnectionReport.isVisible(token.index, of: self, for: reach)
            else { throw .noSuchConnection }
            event = ConnectionReport.event(
                of: self, connection: token.index, id: id, for: reach)
        }
        allowances.turns.spend(event.count / Cost.answerBytes)
        return event
    }

    // MARK: Acting

    /// Closes a connection, or all of a user, here and on other servers. Returns how many there
    /// were here.
    mutating func disconnect(
        _ subject: Oversight.Subject, _ reason: String, by author: String
    ) throws(Refusal) -> Int {
        let reason = reason.isEmpty ? "An operator has disconnected you." : reason
        switch subject {
        case .room: preconditionFailure("rooms aren't disconnected")
        case .user(let user):
            _ = history.notify(.disconnectedUser(user, reason: reason))
            return disconnect(user: user, reason, by: author)
        case .connection(let name):
            if let count = disconnect(connection: name, reason, by: author) { return count }
            // It may be there on another server.
            guard history.notify(.disconnected(connection: name, reason: reason)) else {
                throw .noSuchConnection
            }
            return 0
        }
    }

    /// Another server has done something that all have to do.
    mutating func notified(_ notice: ServerNotice) {
        switch notice {
        case .revoked(let text): identities.heardOfRevocation(text)
        case .disconnectedUser(let user, let reason):
            _ = disconnect(user: user, reason, by: "another node")
        case .disconnected(let name, let reason):
            _ = disconnect(connection: name, reason, by: "another node")
        }
    }

    private mutating func disconnect(user: String, _ reason: String, by author: String) -> Int {
        allowances.turns.spend(identities.count / Cost.holdersLookedThrough)
        return disconnect(identities.connections(of: user), reason, by: author)
    }

    /// Nil if there is no such connection.
    private mutating func disconnect(
        connection name: String, _ reason: String, by author: String
    ) -> Int? {
        guard let token = addresses.origins.token(named: name), connections.contains(token)
        else { return nil }
        return disconnect([token.index], reason, by: author)
    }

    private mutating func disconnect(
        _ indices: [Int], _ reason: String, by author: String
    ) -> Int {
        let found = indices.filter { connections.isServed($0) }
        allowances.turns.spend(Cost.leave * found.count)
        for index in found {
            if connections[index].isInChat {
                close(index, .policyViolation, reason)
            } else {
                end(index)
            }
        }
        log.notice(
            "Connections were closed by an operator",
            metadata: ["by": "\(author)", "connections": "\(found.count)"])
        return found.count
    }

    /// Ends tokens. The asker is answered once that is kept and in force.
    mutating func revoke(
        _ tokens: Oversight.Tokens, by author: String, for asker: Token, id: String?
    ) throws(Refusal) {
        allowances.turns.spend(Cost.revocation)
        let revocation: Revocation
        switch tokens {
        case .user(let sub, let time):
            // A token of this second is older than the order.
            revocation = .user(
                sub, issuedBefore: time ?? clock.wall.milliseconds / 1_000 + 1)
        case .token(let jti): revocation = .token(jti: jti)
        case .all(let time): revocation = .all(issuedBefore: time)
        }
        guard identities.revoke(revocation, for: asker, id: id) else {
            throw Refusal.tooManyTokens(retryAfter: Identities.retry)
        }
        log.notice("An operator revokes tokens", metadata: ["by": "\(author)"])
        if !identities.keepsRevocations { takeTokenAnswers() }
    }

    /// An order to revoke tokens was carried out, and has closed so many connections, or it failed.
    mutating func revoked(_ order: RevocationOrder, connections ended: Int) {
        guard connections.contains(order.asker), let outcome = order.outcome else { return }
        let index = order.asker.index
        switch outcome {
        case .inForce where !connections[index].isInChat:
            answerRequest(index) { EventWriter.revoked(id: nil, connections: ended, into: &$0) }
        case .inForce:
            enqueueReply(index) {
                EventWriter.revoked(id: order.id, connections: ended, into: &$0)
            }
        case .notKept: refuse(index, .revocationFailed, id: order.id)
        case .full: refuse(index, .tooManyRevocations, id: order.id)
        }
    }

    // MARK: Watching

    /// It is time for a sample of a few figures.
    mutating func takeSample() {
        var sample = Samples.Sample(time: clock.wall)
        sample.connections = connections.count
        sample.chats = connections.sessions
        sample.rooms = hub.roomCount
        sample.laggards = connections.blocked
        sample.memory = accountedBytes
        sample.commit = (history.orderer?.metrics.lastCommitNanoseconds ?? 0) / 1_000
        var totals = Samples.Totals()
        totals.lines = counts.linesReceived
        totals.deliveries = outbox.linesSent
        totals.refusals = counts.refusals.values.reduce(0, +)
        totals.closes = counts.closes.values.reduce(0, +)
        totals.busy = counts.ticks.sum
        monitor.samples.take(sample, totals, at: clock.now)
    }
}
