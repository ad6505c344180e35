import Reactor
import TestSupport

@testable import ChatClient

/// A session with a clock that moves only on request, and its outcomes.
struct Play {
    var session: ChatSession
    var now = Instant(nanoseconds: 5_000_000_000)
    private var random = SplitMix64(seed: 11)

    init(rooms: [String] = ["go"], historyLines: Int = 50) {
        session = ChatSession(username: "ann", rooms: rooms, historyLines: historyLines)
    }

    mutating func receive(_ events: ServerEvent...) -> [ChatOutcome] {
        events.flatMap { session.received($0, at: now) }
    }

    mutating func say(_ text: String, in room: String = "go") -> [ChatOutcome] {
        session.say(text, in: room, using: &random)
        return session.proceed(at: now)
    }

    mutating func order(_ command: ModerationCommand, in room: String = "go") -> [ChatOutcome] {
        session.order(command, in: room, using: &random)
        return session.proceed(at: now)
    }

    mutating func wait(_ milliseconds: UInt64) -> [ChatOutcome] {
        now = now.advanced(byMilliseconds: milliseconds)
        return session.proceed(at: now)
    }

    mutating func lose(because failure: ClientFailure? = nil) -> Reconnection {
        session.disconnected(because: failure, at: now, using: &random)
    }

    /// Connects and sends the welcome. Returns the commands that follow.
    mutating func connect(linesPerSecond: Int = 0, ping: UInt64 = 25_000) -> [ClientCommand] {
        session.opened(at: now)
        let welcome = ModelServer.makeWelcome(linesPerSecond: linesPerSecond, ping: ping)
        return receive(.welcome(welcome)).commands
    }

    /// Enters the room, which has this many lines.
    mutating func enter(
        _ room: String = "go", seq: UInt64 = 0, epoch: String = "e1", recovered: Bool? = nil
    ) -> [ChatOutcome] {
        receive(joined(room, seq: seq, epoch: epoch, recovered: recovered))
    }
}

func joined(
    _ room: String = "go", seq: UInt64, epoch: String = "e1", recovered: Bool? = nil
) -> ServerEvent {
    .joined(
        ServerEvent.Joined(
            id: nil, room: room, epoch: epoch, seq: seq, members: 1, recovered: recovered))
}

func line(_ seq: UInt64, in room: String = "go") -> ServerEvent.Message {
    ServerEvent.Message(room: room, seq: seq, time: "", username: "bob", message: "line \(seq)")
}

func error(_ id: String?, _ code: String, retryAfter: UInt64? = nil) -> ServerEvent {
    .error(ServerEvent.Problem(id: id, code: code, reason: "Why.", retryAfter: retryAfter))
}

extension [ChatOutcome] {
    var commands: [ClientCommand] {
        compactMap { if case .send(let command) = $0 { command } else { nil } }
    }

    /// The numbers of the lines, and those of gaps as negative numbers.
    var numbers: [Int] {
        flatMap { outcome -> [Int] in
            switch outcome {
            case .line(let line): [Int(line.seq)]
            case .missed(let gap): (gap.from...gap.to).map { -Int($0) }
            default: []
            }
        }
    }
}

extension ClientCommand {
    var lineID: String {
        if case .message(_, _, let id) = self { id } else { "" }
    }
}
