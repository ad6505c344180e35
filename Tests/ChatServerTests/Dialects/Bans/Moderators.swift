import Reactor
import Simulation

/// Scenes with moderators.
extension Simulation {
    /// A client with a token, in a room.
    func join(
        as sub: String, _ role: String = "member", room: String = "lobby",
        from address: SocketAddress = .of(1)
    ) -> Client {
        let token = token(sub, #","name":"\#(sub)","role":"\#(role)""#)
        let client = connect(from: address)
        client.fields = ["Authorization: Bearer \(token)"]
        client.handshakeRichly()
        settle()
        client.join(room, as: nil, history: 0, rev: 0, id: "join")
        settle()
        return client
    }

    /// A guest of the rich dialect, in a room.
    func guest(
        _ name: String, room: String = "lobby", from address: SocketAddress = .of(1)
    ) -> Client {
        let client = connectRichly(from: address)
        client.join(room, as: name, id: "join")
        settle()
        return client
    }

    /// Sends a command whose fields are JSON, and returns the answer: the `code` of a refusal, or
    /// else the type.
    func ask(
        _ client: Client, _ type: String, _ fields: KeyValuePairs<String, String>,
        room: String = "lobby"
    ) -> String? {
        let id = "\(client.events.count)"
        let room = [("room", "\"\(room)\"")]
        client.command(type, id: id, room + fields.map { ($0.key, $0.value) })
        settle()
        return client.events.last { $0.id == id }.map { $0.code ?? $0.type }
    }

    /// A client says a line. Returns the `code` of the refusal, or nil.
    func say(_ client: Client, _ text: String, as name: String? = nil) -> String? {
        let id = "\(client.events.count)"
        client.say(text, in: "lobby", as: name, id: id)
        settle()
        return client.events.last { $0.id == id }?.code
    }
}
