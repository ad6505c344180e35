/// The share of a run that one process does.
struct Share: Codable, Equatable {
    let settings: Settings
    /// The process's index, and the number of processes.
    let index: Int
    let count: Int
    /// Identifies the lines of this run.
    let run: UInt32

    /// Connections that listen. They include the senders, unless those are additional.
    var listeners: Int { part(of: settings.connections) }

    var senders: Int {
        guard settings.scenario.talks else { return 0 }
        let senders = part(of: settings.senders)
        return settings.scenario.hasOwnSenders ? senders : min(senders, listeners)
    }

    private var ownSenders: Int { settings.scenario.hasOwnSenders ? senders : 0 }

    /// Connections of this process.
    var size: Int { listeners + ownSenders }

    /// Connections of all processes.
    var total: Int {
        settings.connections + (settings.scenario.hasOwnSenders ? settings.senders : 0)
    }

    /// The number of the first connection of this process.
    var first: Int {
        let extra = settings.scenario.hasOwnSenders ? settings.senders : 0
        return settings.connections * index / count + extra * index / count
    }

    var rooms: Int { part(of: settings.rooms, atLeast: 1) }
    /// The number of the first room of this process.
    var firstRoom: Int { settings.rooms * index / count }

    /// Lines and handshakes a second.
    var rate: Double { settings.rate * Double(senders) / Double(settings.senders) }
    var connectRate: Double { settings.connectRate * Double(size) / Double(total) }
    var churn: Double { settings.churn * Double(size) / Double(total) }

    /// The connections that send, in turn, numbered within this process.
    var speakers: [Int] {
        if settings.scenario.hasOwnSenders { return Array(listeners..<size) }
        // Every room gets some, because connections are assigned to rooms in turn.
        if settings.scenario == .rooms { return Array(0..<senders) }
        return (0..<senders).map { $0 * listeners / senders }
    }

    /// The connections that stop reading, evenly spread among those that don't send.
    var stalling: [Int] {
        let speaking = Set(speakers)
        let others = (0..<size).filter { !speaking.contains($0) }
        let stalled = min(part(of: settings.stalled), others.count)
        return (0..<stalled).map { others[$0 * others.count / stalled] }
    }

    /// The connections that leave and come back.
    var leaving: [Int] {
        let speaking = Set(speakers)
        return (0..<size).filter { !speaking.contains($0) }
    }

    /// The members of a room: every n-th connection of this process.
    func members(ofRoom room: Int) -> Numbering {
        Numbering(
            first: first + room, stride: rooms, count: (size - room + rooms - 1) / rooms)
    }

    private func part(of whole: Int, atLeast least: Int = 0) -> Int {
        max(whole * (index + 1) / count - whole * index / count, least)
    }
}
