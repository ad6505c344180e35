import Reactor
import TestSupport

@testable import ChatClient

/// Users on bad connections to a model of a server, all drawn from a seed: connections break with
/// anything under way, lines are refused for a while, and some lines fall into gaps.
struct Storm {
    /// One user: the session, and what it received.
    struct User {
        var session: ChatSession
        var isConnected = false
        var reconnect = Instant(nanoseconds: 0)
        /// Commands that were sent and haven't arrived.
        var outbox: [ClientCommand] = []
        var said: [String] = []
        var acknowledged: [String: UInt64] = [:]
        /// The number of acknowledgements. Each line may have one.
        var acknowledgements = 0
        /// Numbers in the order in which they were reported, each with its line or as part of a
        /// gap.
        var seen: [(seq: UInt64, text: String?)] = []
        var recalled: [UInt64: String] = [:]
        var gaps: Set<UInt64> = []
        var problems: [String] = []
    }

    private(set) var server: ModelServer
    private(set) var users: [User]
    private var random: SplitMix64
    private var now = Instant(nanoseconds: 1_000_000_000)
    private let losesLines: Bool

    init(seed: UInt64, losesLines: Bool) {
        random = SplitMix64(seed: seed)
        self.losesLines = losesLines
        server = ModelServer(clients: 3)
        users = (0..<3).map { number in
            User(session: ChatSession(username: "user\(number)", rooms: [ModelServer.room]))
        }
        if random.number(in: 0...1) == 0 {
            server.welcome = ModelServer.makeWelcome(linesPerSecond: 5)
        }
    }

    /// Plays this many steps, and then lets all users come to rest. Returns false if they don't.
    mutating func run(steps: Int) -> Bool {
        for _ in 0..<steps { step(at: Int.random(in: users.indices, using: &random)) }
        server.refusals = []
        for _ in 0..<10_000 {
            for user in users.indices { settle(user) }
            if users.allSatisfy(isAtRest) { return true }
            now = now.advanced(byMilliseconds: 100)
        }
        return false
    }

    private func isAtRest(_ user: User) -> Bool {
        user.isConnected && user.session.pending.isEmpty && user.session.recalls.isEmpty
            && user.outbox.isEmpty && server.mail.allSatisfy(\.isEmpty)
    }

    private mutating func step(at number: Int) {
        now = now.advanced(byMilliseconds: .random(in: 0...40, using: &random))
        switch Int.random(in: 0..<22, using: &random) {
        case 0...3: say(number)
        case 4...8: deliverCommands(number, atMost: .random(in: 1...4, using: &random))
        case 9...14: deliverEvents(number, atMost: .random(in: 1...8, using: &random))
        case 15: now = now.advanced(byMilliseconds: .random(in: 0...3_000, using: &random))
        case 16 where users[number].isConnected: cut(number)
        case 17: refuse()
        case 18...19 where losesLines: lose(number)
        default: proceed(number)
        }
    }

    private mutating func settle(_ number: Int) {
        proceed(number)
        deliverCommands(number, atMost: .max)
        deliverEvents(number, atMost: .max)
    }

    private mutating func say(_ number: Int) {
        guard users[number].session.hasRoom else { return }
        let text = "\(number)/\(users[number].said.count)"
        users[number].said.append(text)
        users[number].session.say(text, in: ModelServer.room, using: &random)
        proceed(number)
    }

    private mutating func proceed(_ number: Int) {
        if !users[number].isConnected, users[number].reconnect <= now {
            users[number].isConnected = true
            server.connected(number)
            users[number].session.opened(at: now)
        }
        users[number].session.heard(at: now)
        perform(users[number].session.proceed(at: now), number)
    }

    private mutating func deliverCommands(_ number: Int, atMost limit: Int) {
        for _ in 0..<min(limit, users[number].outbox.count) {
            server.received(users[number].outbox.removeFirst(), from: number)
        }
    }

    private mutating func deliverEvents(_ number: Int, atMost limit: Int) {
        for _ in 0..<min(limit, server.mail[number].count) {
            let event = server.mail[number].removeFirst()
            perform(users[number].session.received(event, at: now), number)
        }
    }

    /// The connection breaks. Events and commands in flight arrive in part.
    private mutating func cut(_ number: Int) {
        deliverCommands(number, atMost: .random(in: 0...3, using: &random))
        deliverEvents(number, atMost: .random(in: 0...3, using: &random))
        drop(number)
    }

    private mutating func drop(_ number: Int) {
        guard users[number].isConnected else { return }
        users[number].isConnected = false
        users[number].outbox = []
        server.disconnected(number)
        let outcome = users[number].session.disconnected(at: now, using: &random)
        guard case .after(let milliseconds) = outcome else {
            return users[number].problems.append("it doesn't come back")
        }
        users[number].reconnect = now.advanced(byMilliseconds: milliseconds)
    }

    private mutating func refuse() {
        let codes = ["rate_limited", "store_unavailable"]
        server.refusals = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            ServerEvent.Problem(
                code: codes.randomElement(using: &random) ?? "", reason: "Later.",
                retryAfter: .random(in: 0...300, using: &random))
        }
    }

    /// Lines on their way to a slow user become a gap.
    private mutating func lose(_ number: Int) {
        let mail = server.mail[number]
        let numbers = mail.map { event in
            if case .message(let line) = event { line.seq } else { UInt64?.none }
        }
        guard let start = numbers.indices.first(where: { numbers[$0] != nil }),
            let first = numbers[start]
        else { return }
        let run = numbers[start...].prefix { $0 != nil }
        let end = Int.random(in: start..<run.endIndex, using: &random)
        let gap = ServerEvent.Gap(
            room: ModelServer.room, from: first, to: first + UInt64(end - start))
        server.mail[number].replaceSubrange(start...end, with: [.gap(gap)])
    }

    private mutating func perform(_ outcomes: [ChatOutcome], _ number: Int) {
        for outcome in outcomes {
            switch outcome {
            case .send(let command): users[number].outbox.append(command)
            case .line(let line): users[number].seen.append((line.seq, line.message))
            case .missed(let gap):
                for seq in gap.from...gap.to {
                    users[number].seen.append((seq, nil))
                    users[number].gaps.insert(seq)
                }
            case .recalled(_, let lines):
                for line in lines {
                    if users[number].recalled[line.seq] != nil {
                        users[number].problems.append("\(line.seq) was recalled twice")
                    }
                    users[number].recalled[line.seq] = line.message
                }
            case .acknowledged(let line, let seq):
                users[number].acknowledged[line.text] = seq
                users[number].acknowledgements += 1
            case .joined(_, let jumped):
                if jumped { users[number].problems.append("it jumped") }
            case .welcomed, .delayed, .presence, .members, .closing: break
            case .drop: drop(number)
            case .began, .refusedRoom, .refused, .uncertain, .problem, .waits, .decided, .removed,
                .restored, .settings, .held, .log, .carriedOut, .refusedOrder:
                users[number].problems.append("\(outcome)")
            }
        }
    }
}
