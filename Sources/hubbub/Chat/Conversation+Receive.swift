internal import Chat
internal import ChatClient
internal import Reactor

extension Conversation {
    /// Handles the events of the connection.
    mutating func received(_ events: [ClientConnection.Event]) throws {
        for event in events {
            switch event {
            case .opened(let subprotocol):
                guard subprotocol == Subprotocol.rich else {
                    throw complaint(
                        "it doesn't speak \(Subprotocol.rich), which this command needs")
                }
                session.opened(at: now)
            case .text(let text): try received(text)
            case .closed(let code?) where 3_000...3_003 ~= code:
                throw complaint(Self.reasons[Int(code) - 3_000])
            case .closed(let code):
                try disconnected("it closed the connection (\(code.map { "\($0)" } ?? "no code"))")
            case .unreachable(let address, let error):
                try disconnected("can't connect to \(address): \(SystemError.text(error.errno))")
            case .lost(let error):
                try disconnected(error.map { "the connection is lost: \($0)" } ?? "it is gone")
            case .failed(let failure): try disconnected(failure.reason, because: failure)
            }
        }
    }

    private mutating func received(_ text: [UInt8]) throws {
        let event: ServerEvent
        do throws(ServerEvent.Malformed) {
            event = try ServerEvent(text)
        } catch {
            return display.status("an event from the server can't be read: \(error.reason)")
        }
        let outcomes = session.received(event, at: now)
        var isNews = true
        if case .message(let line) = event { isNews = outcomes.contains(.line(line)) }
        if isNews { display.raw(text) }
        try perform(outcomes)
    }

    /// Does and shows what the session asks for.
    mutating func perform(_ outcomes: [ChatOutcome]) throws {
        for outcome in outcomes {
            switch outcome {
            case .send(let command):
                var events: [ClientConnection.Event] = []
                guard connection?.isOpen ?? false else { continue }
                connection?.send(text: command.text, over: &network, events: &events)
                try received(events)
            case .drop(let reason):
                connection?.drop(over: &network)
                try disconnected(reason)
            case .welcomed, .members: break
            case .joined(let joined, let jumped):
                waitingSince = now
                if jumped { display.jumped() }
                display.status("\(joined.room): \(joined.members) here")
            case .refusedRoom(let room, let problem):
                throw complaint("room \(room): \(problem.code): \(problem.reason)")
            case .line(let line):
                place.saw(line)
                display.line(line)
            case .missed(let gap): display.missed(gap)
            case .began(let epoch, let lost): display.lost(lost, after: epoch.seq)
            case .recalled(let gap, let lines): display.recalled(gap, lines)
            case .presence(let presence): display.presence(presence)
            case .closing: display.status("the server is stopping")
            case .acknowledged(_, let seq):
                waitingSince = now
                place.ownLine = seq
            case .waits(let held):
                waitingSince = now
                display.status("a moderator decides about your line (\(held))")
            case .decided(let held, let line, let isReleased):
                decided(held, line, isReleased: isReleased)
            case .removed(let removal): removed(removal)
            case .restored(let lines): restored(lines)
            case .settings(_, let settings): changed(settings)
            case .held(let line): holds(line)
            case .log(let log): show(log)
            case .carriedOut(let command, let ack): carriedOut(command, ack)
            case .refusedOrder(let command, let problem):
                waitingSince = now
                refusedLines += 1
                display.warning("not done: \(command.type): \(problem.code): \(problem.reason)")
            case .delayed(_, let problem):
                trouble = "\(problem.code): \(problem.reason)"
                display.status("not taken yet: \(trouble)")
            case .refused(let line, let problem):
                waitingSince = now
                refusedLines += 1
                display.warning("not sent: \(line.text): \(problem.code): \(problem.reason)")
            case .uncertain(let line):
                waitingSince = now
                refusedLines += 1
                display.warning("nobody knows whether this was sent: \(line.text)")
            case .problem(let problem):
                trouble = "\(problem.code): \(problem.reason)"
                display.status(trouble)
            }
        }
    }

    /// The connection is lost, for this reason, and perhaps forever.
    mutating func disconnected(
        _ reason: String, because failure: ClientFailure? = nil
    ) throws {
        earlier = connection?.resumption ?? earlier
        connection = nil
        if case .leaving = phase {
            phase = .ended
            return
        }
        trouble = reason
        switch session.disconnected(because: failure, at: now, using: &random) {
        case .never:
            let remedy = failure.map { ChatTrust.remedy(for: $0, at: settings.address.url) }
            throw complaint(reason + (remedy ?? ""))
        case .after(let milliseconds):
            reconnect = now.advanced(byMilliseconds: milliseconds)
            let tenths = (milliseconds + 99) / 100
            display.status("\(reason); trying again in \(tenths / 10).\(tenths % 10) s")
        }
    }

    /// Why the server doesn't let us in, by the Close's code from 3000 on.
    private static let reasons = [
        "it takes no guests, or not this token; give another with --token-file",
        "the token has expired; give another with --token-file",
        "the token was revoked; give another with --token-file", "you are banned",
    ]

    private func complaint(_ reason: String) -> Complaint {
        Complaint(.unavailable, "\(settings.address.url.text): \(reason)")
    }
}
