internal import Reactor

/// The clients of a ``NullNetwork``, and its clock. They decide what the server's next wait finds.
final class Clients {
    /// Clients that have connected and not been accepted.
    private var arriving = 0
    /// The token of each accepted client in the server.
    private var tokens: [Token] = []
    /// Clients that have sent `input` and not been read.
    private var speaking: ArraySlice<Int> = []
    /// The bytes that they have sent, the same for each.
    private(set) var input: [UInt8] = []
    /// Clients that could not be sent bytes.
    private var blocked: [Int] = []
    /// Whether clients take the bytes that they are sent.
    var takes = true
    /// Bytes that clients have taken.
    private(set) var taken = 0
    private(set) var now = Instant(nanoseconds: 1_000_000_000)

    static let listener = Socket(rawValue: 0)

    var count: Int { tokens.count }

    /// Lets more clients connect.
    func arrive(_ count: Int) { arriving += count }

    /// Lets clients send the same bytes, once each.
    func say(_ bytes: [UInt8], from clients: Range<Int>) {
        input = bytes
        speaking = Array(clients)[...]
        now.nanoseconds += 1_000_000
    }

    /// Whether the server has found everything.
    var isQuiet: Bool { arriving == 0 && speaking.isEmpty && !(takes && !blocked.isEmpty) }

    /// Replaces the content of `ready` with what is ready now.
    func report(_ ready: inout [ReadyEvent]) {
        ready.removeAll(keepingCapacity: true)
        if arriving > 0 { ready.append(ReadyEvent(token: .listener(0), readiness: .readable)) }
        let heard = speaking.prefix(readyLimit - ready.count)
        for client in heard {
            ready.append(ReadyEvent(token: tokens[client], readiness: .readable))
        }
        speaking = speaking.dropFirst(heard.count)
        guard takes else { return }
        let writable = blocked.suffix(readyLimit - ready.count)
        for client in writable {
            ready.append(ReadyEvent(token: tokens[client], readiness: .writable))
        }
        blocked.removeLast(writable.count)
    }

    /// Accepts the next client. Nil if none waits.
    func accepted() -> Socket? {
        guard arriving > 0 else { return nil }
        arriving -= 1
        tokens.append(Token(rawValue: 0))
        return Socket(rawValue: Int32(tokens.count))
    }

    func watch(_ socket: Socket, token: Token, interest: Interest) {
        guard socket != Self.listener else { return }
        let client = Int(socket.rawValue) - 1
        tokens[client] = token
        if interest.contains(.writable) { blocked.append(client) }
    }

    func send(_ count: Int) -> SendOutcome {
        guard takes else { return .wouldBlock }
        taken += count
        return .sent(count)
    }
}
