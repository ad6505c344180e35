@testable import ChatClient

/// A minimal server of one room that keeps to the protocol. Its events can be compared with what
/// its clients make of them. Each client has a number and one connection.
struct ModelServer {
    struct Said: Equatable {
        var username: String
        var text: String
        var id: String
    }

    static let room = "go"

    /// The epoch of the room's numbers.
    var epoch = "e1"
    /// All lines. The first has number 1.
    var lines: [Said] = []
    /// The first number that can be replayed to a client that resumes.
    var oldestReplayable: UInt64 = 1
    /// The pending events of each client, in order.
    var mail: [[ServerEvent]]
    /// The numbers of lines that had an id.
    private var numbers: [String: UInt64] = [:]
    private var names: [String?]
    var welcome = makeWelcome(linesPerSecond: 0)
    /// The refusals of the next lines.
    var refusals: [ServerEvent.Problem] = []

    init(clients: Int) {
        mail = Array(repeating: [], count: clients)
        names = Array(repeating: nil, count: clients)
    }

    static func makeWelcome(linesPerSecond: Int, ping: UInt64 = 25_000) -> ServerEvent.Welcome {
        ServerEvent.Welcome(
            server: "model", durable: true,
            limits: ServerEvent.Welcome.Limits(
                messageBytes: 500, textCharacters: 0, usernameCharacters: 0, rooms: 0,
                linesPerSecond: linesPerSecond, lineBurst: 2),
            pingInterval: ping)
    }

    func line(_ seq: UInt64) -> ServerEvent.Message {
        let said = lines[Int(seq) - 1]
        return ServerEvent.Message(
            room: Self.room, seq: seq, time: "2026-01-31T12:00:00.123Z", username: said.username,
            message: said.text)
    }

    mutating func connected(_ client: Int) {
        mail[client] = [.welcome(welcome)]
    }

    mutating func disconnected(_ client: Int) {
        (mail[client], names[client]) = ([], nil)
    }

    mutating func received(_ command: ClientCommand, from client: Int) {
        switch command {
        case .join(_, let username, let entry, _, let id):
            names[client] = username
            join(client, entry, id: id)
        case .message(_, let text, let id): say(text, id: id, by: client)
        case .history(_, let before, let limit, let id):
            let end = min(before, UInt64(lines.count) + 1)
            let first = max(1, end - min(end, UInt64(limit)))
            mail[client].append(
                .history(
                    .init(
                        id: id, room: Self.room, messages: (first..<end).map(line),
                        more: first > 1)))
        case .leave, .members, .moderate: preconditionFailure("a chat session doesn't say that")
        }
    }

    /// A user without a connection here says a line.
    mutating func add(_ said: Said) {
        lines.append(said)
        for client in names.indices where names[client] != nil {
            mail[client].append(.message(line(UInt64(lines.count))))
        }
    }

    private mutating func say(_ text: String, id: String, by client: Int) {
        guard let name = names[client] else { preconditionFailure("it must have joined") }
        if var refusal = refusals.popLast() {
            refusal.id = id
            return mail[client].append(.error(refusal))
        }
        if numbers[id] == nil {
            add(Said(username: name, text: text, id: id))
            numbers[id] = UInt64(lines.count)
        }
        guard let seq = numbers[id] else { return }
        let ack = ServerEvent.Ack(id: id, room: Self.room, seq: seq, time: line(seq).time)
        // It may overtake waiting lines, but not events that set the client's position.
        let isLine = { (event: ServerEvent) in if case .message = event { true } else { false } }
        let place = mail[client].lastIndex { !isLine($0) }.map { $0 + 1 } ?? 0
        mail[client].insert(.ack(ack), at: place)
    }

    private mutating func join(_ client: Int, _ entry: ClientCommand.Entry, id: String) {
        let last = UInt64(lines.count)
        var recovered: Bool?
        let first: UInt64
        switch entry {
        case .history(let count): first = last + 1 - min(last, UInt64(count))
        case .after(let epoch, let seq):
            let canResume =
                epoch == self.epoch && seq <= last && seq + 1 >= oldestReplayable
            recovered = canResume
            first = canResume ? seq + 1 : last + 1 - min(last, 50)
        }
        mail[client].append(
            .joined(
                .init(
                    id: id, room: Self.room, epoch: epoch, seq: last, members: 1,
                    recovered: recovered)))
        mail[client] += (first..<last + 1).map { .message(line($0)) }
    }
}
