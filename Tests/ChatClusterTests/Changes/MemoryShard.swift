@testable import Chat
@testable import ChatCluster

/// A shard in memory. It carries out commands about changes as ``ChangeCommand`` says.
struct MemoryShard {
    /// The lines of a page, so few that tests have several pages.
    static let page = 64

    private(set) var epoch = Epoch(number: 1)
    private(set) var rooms: [RoomName: MemoryRoom] = [:]
    private(set) var held: [UInt64: HeldLine] = [:]
    private var nextHeld: UInt64 = 1
    private(set) var news: [NumberedNews] = []
    /// The first news that are kept.
    var firstNews: UInt64 = 1
    private var groups: [NodeName: (run: NodeRun, group: UInt64, reply: ChangeReply)] = [:]
    private(set) var revocations: [String] = []
    /// What followers of rooms are told, until it is taken.
    private var published: [(RoomName, StoredEntry)] = []
    /// Commands that were carried out.
    private(set) var carriedOut: [ChangeCommand] = []

    var lastNews: UInt64 { UInt64(news.count) }

    mutating func takePublished() -> [(RoomName, StoredEntry)] {
        defer { published = [] }
        return published
    }

    mutating func append(_ draft: Draft) -> UInt64 {
        let entry = rooms[draft.room, default: MemoryRoom()].append(draft)
        published.append((draft.room, entry))
        return entry.cursor.seq
    }

    /// Another epoch begins, above positions that nodes have seen.
    mutating func begin(_ epoch: Epoch, raising positions: [RoomName: RoomCursor] = [:]) {
        self.epoch = epoch
        for (room, cursor) in positions { rooms[room, default: MemoryRoom()].raise(to: cursor) }
    }

    mutating func forgetKept(of room: RoomName) { rooms[room]?.forgetKept() }

    private mutating func tell(_ item: NodeNews) {
        news.append(NumberedNews(lastNews + 1, item))
    }

    mutating func carryOut(_ command: ChangeCommand) -> ChangeReply {
        carriedOut.append(command)
        switch command {
        case .survey(let after):
            let names = rooms.keys.map(\.text).sorted().filter { $0 > after?.text ?? "" }
            let states = names.prefix(2).compactMap { RoomName(stored: $0) }.compactMap { name in
                rooms[name]?.state(name)
            }
            return .surveyed(states, isLast: names.count <= 2)
        case .waiting(let after):
            let lines = held.values.filter { $0.id > after }.sorted { $0.id < $1.id }
            return .waiting(Array(lines.prefix(2)), isLast: lines.count <= 2)
        case .revocations: return .revocations(revocations)
        case .news(let after):
            guard after + 1 >= firstNews else { return .news(nil) }
            return .news(Array(news.dropFirst(Int(after)).prefix(Self.page)))
        case .consult(let room, let question):
            let found = rooms[room] ?? MemoryRoom()
            return .consulted(found.basis(question, news: lastNews))
        case .scan(let room, let below):
            let lines = (rooms[room]?.lines ?? []).filter { $0.line.seq < below }
            return .scanned(Array(lines.prefix(Self.page)))
        case .make(let room, let epoch, let write):
            guard epoch == self.epoch else { return .made(.otherEpoch) }
            return .made(make(write, in: room))
        case .erase(let room, let rev): return .erased(left: rooms[room]?.erase(rev) ?? 0)
        case .unerased:
            return .unerased(
                rooms.mapValues { Array($0.unerased.keys) }.filter { !$0.value.isEmpty })
        case .log(let room, let before, let limit):
            let log = (rooms[room]?.log ?? [:]).filter { $0.key < before }
            return .logged(
                log.sorted { $0.key > $1.key }.prefix(limit).map(\.value))
        case .hold(let run, let group, let holds):
            return once(run, group) { $0.hold(holds, by: run) }
        case .release(let run, let group, let room, let epoch, let ids, let time):
            return once(run, group) { shard in
                guard epoch == shard.epoch else { return .released(.otherEpoch) }
                return shard.release(ids, of: room, at: time, by: run)
            }
        case .drop(let ids):
            drop(ids)
            return .dropped(news: lastNews)
        case .notify(let run, let notice):
            if case .revoked(let text) = notice { revocations.append(text) }
            tell(.notice(notice, by: run))
            return .notified
        }
    }

    private mutating func make(_ write: ChangeWrite, in name: RoomName) -> ChangeOutcome {
        let conflict = ChangeOutcome.conflict(rev: rooms[name]?.last.rev ?? 0, news: lastNews)
        let ids = write.change.heldLines
        guard ids.allSatisfy({ held[$0] != nil }),
            let entry = rooms[name, default: MemoryRoom()].make(write),
            case .change(let change) = entry.content
        else { return conflict }
        published.append((name, entry))
        for id in change.rejected { held[id] = nil }
        if case .approved(let id) = change.kind { held[id]?.isApproved = true }
        tell(.change(name, change.withoutLines))
        return .made(news: lastNews)
    }

    /// A command that comes again is only answered again.
    private mutating func once(
        _ run: NodeRun, _ group: UInt64, _ body: (inout MemoryShard) -> ChangeReply
    ) -> ChangeReply {
        if let known = groups[run.name], known.run == run, known.group == group {
            return known.reply
        }
        let reply = body(&self)
        if case .released(.otherEpoch) = reply { return reply }
        groups[run.name] = (run, group, reply)
        return reply
    }

    private mutating func hold(_ holds: [HeldRequest.Hold], by run: NodeRun) -> ChangeReply {
        var (lines, new): ([HeldLine], [HeldLine]) = ([], [])
        for hold in holds {
            let known = held.values.first { line in
                line.draft.recentKey != nil && line.draft.recentKey == hold.draft.recentKey
            }
            if let known {
                lines.append(known)
                continue
            }
            let line = HeldLine(id: nextHeld, hold.draft, hold.reason)
            nextHeld += 1
            held[line.id] = line
            lines.append(line)
            new.append(line)
        }
        tell(.held(new, by: run))
        return .held(lines.map { .waits($0) }, news: lastNews)
    }

    private mutating func release(
        _ ids: [UInt64], of room: RoomName, at time: Timestamp, by run: NodeRun
    ) -> ChangeReply {
        var said: [HeldReply.Said] = []
        for id in ids {
            guard let line = held[id], line.draft.room == room else { continue }
            held[id] = nil
            let draft = line.saidOnce(at: time)
            said.append(HeldReply.Said(id: id, seq: append(draft), time: draft.time))
        }
        if !said.isEmpty { tell(.said(said, by: run)) }
        return .released(.said(said, news: lastNews))
    }

    private mutating func drop(_ ids: [UInt64]) {
        let dropped = ids.filter { held.removeValue(forKey: $0) != nil }
        if !dropped.isEmpty { tell(.dropped(dropped)) }
    }
}
