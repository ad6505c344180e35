import Chat
import Simulation

extension Servers {
    /// A client of the rich dialect enters the lobby of a server.
    func enter(
        _ number: Int = 0, as name: String? = "ann",
        after: (epoch: String, seq: UInt64)? = nil, history: Int? = nil
    ) -> Client {
        let client = self[number].connectRichly()
        client.join("lobby", as: name, after: after, history: history, id: "join")
        settle()
        return client
    }

    /// A client says lines, each a number.
    func say(_ client: Client, _ lines: ClosedRange<Int>) {
        for number in lines {
            client.say("\(number)", in: "lobby")
            if number % 40 == 0 { settle() }
        }
        settle()
    }

    /// Another epoch begins, without the last `count` lines of each room.
    func beginEpoch(
        losing count: Int = 0, tellsEnds: Bool = true, settling: Bool = true
    ) {
        orderer.beginEpoch(losing: count, tellsEnds: tellsEnds)
        orderer.drain()
        for simulation in simulations { simulation.world.isWoken = true }
        if settling { settle() }
    }
}

extension Client {
    /// The numbers of the lines, and `-seq` for a new epoch after it.
    var story: [Int] {
        events.compactMap { event in
            switch event.type {
            case "message": event.seq.map { Int($0) }
            case "epoch": event.seq.map { -Int($0) }
            default: nil
            }
        }
    }
}
