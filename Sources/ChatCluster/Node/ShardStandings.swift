internal import Chat

/// What a server is told of several shards together: it is ready when all are, and failing while
/// one is. Lines for the others are still taken.
struct ShardStandings {
    private enum Standing: Equatable {
        case opening
        case open
        case failing(reason: String)
    }

    private var standings: [Standing]
    private(set) var wasReady = false
    private(set) var isFailing = false

    init(shards: Int) {
        standings = Array(repeating: .opening, count: shards)
    }

    /// Whether answers may be given: the server was told that all shards are open, or that one
    /// fails.
    var mayAnswer: Bool { wasReady || isFailing }

    /// Whether shards that are open may get lines. Until all have been, bans of one of them may be
    /// unknown.
    var mayAppend: Bool { wasReady || !isFailing }

    /// Whether each shard takes lines.
    var open: [Bool] { standings.map { $0 == .open } }

    private var areOpen: Bool { standings.allSatisfy { $0 == .open } }

    private var reason: String? {
        for case .failing(let reason) in standings { return reason }
        return nil
    }

    /// A shard is ready. Returns what the server is told, which gets `opening` of all.
    mutating func ready(_ shard: Int, _ opening: () -> OrdererOpening) -> [OrdererReply] {
        standings[shard] = .open
        guard areOpen || wasReady else { return [] }
        wasReady = true
        isFailing = reason != nil
        let failing = reason.map { [OrdererReply.failing(reason: $0)] } ?? []
        return [.ready(opening())] + failing
    }

    mutating func failing(_ shard: Int, _ reason: String) -> [OrdererReply] {
        standings[shard] = .failing(reason: reason)
        guard !isFailing else { return [] }
        isFailing = true
        return [.failing(reason: reason)]
    }

    /// A shard has recovered. The server may never have been told that all were ready.
    mutating func recovered(_ shard: Int, _ opening: () -> OrdererOpening) -> [OrdererReply] {
        guard wasReady else { return ready(shard, opening) }
        standings[shard] = .open
        guard isFailing, reason == nil else { return [] }
        isFailing = false
        return [.recovered]
    }
}
