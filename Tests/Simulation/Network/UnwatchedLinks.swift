/// Connections that the poller has failed. The server gets no events for them, so it must close
/// them: in the tick of the failure, or in the next one if the tick was almost over.
struct UnwatchedLinks {
    private var links: [(link: Link, turn: Int)] = []

    /// The poller failed a connection in tick `turn`.
    mutating func add(_ link: Link, in turn: Int) { links.append((link, turn)) }

    /// The server has closed a connection.
    mutating func closed(_ link: Link) { links.removeAll { $0.link === link } }

    /// Tick `turn` begins. Returns the connections that should be closed by now, `grace` ticks
    /// after the failure at the latest, each only once.
    mutating func takeOverdue(in turn: Int, after grace: Int) -> [Link] {
        let overdue = links.filter { $0.turn + grace < turn }.map(\.link)
        links.removeAll { $0.turn + grace < turn }
        return overdue
    }
}
