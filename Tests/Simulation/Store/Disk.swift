package import Chat
internal import Filters

/// The stored lines of all rooms. They outlive the store and the server.
package struct Disk: Sendable {
    /// Lines of one room. The newest has the number `last`.
    private struct Kept {
        var lines: [Line] = []
        var last: UInt64 = 0
        /// Where lines come from.
        var origins: [UInt64: Origin] = [:]

        var oldest: UInt64 { last + 1 - UInt64(lines.count) }
    }

    private struct Contents {
        var rooms: [RoomName: Kept] = [:]
        var sends: [StoredSend] = []
        var changes: [RoomName: [RoomChange]] = [:]
        var ledger = Ledger(noTerms: TermList())
        var held: [HeldLine] = []
        var lastHeld: UInt64 = 0
    }

    /// An epoch that ended with the death of a machine, and the last number of each room in it.
    private struct PastEpoch {
        let epoch: Epoch
        let ends: [RoomName: UInt64]
    }

    private var contents = Contents()
    /// The contents before each of the last groups, the newest last.
    private var earlier: [Contents] = []
    private var pastEpochs: [PastEpoch] = []
    package private(set) var epoch = Epoch(number: 1)
    /// The number of groups that the death of the machine may undo.
    private let unsafeGroups: Int

    /// An empty disk. `unsafeGroups` is the number of newest groups that a machine may lose.
    package init(unsafeGroups: Int = 0) {
        self.unsafeGroups = unsafeGroups
    }

    package var rooms: [RoomName] { contents.rooms.keys.sorted { $0.text < $1.text } }

    package func lastSeq(of room: RoomName) -> UInt64 { contents.rooms[room]?.last ?? 0 }

    package func oldest(of room: RoomName) -> UInt64 { contents.rooms[room]?.oldest ?? 1 }

    /// All remaining lines of a room, in order.
    package func lines(of room: RoomName) -> [Line] { contents.rooms[room]?.lines ?? [] }

    /// The line with this number, if it remains.
    package func line(_ seq: UInt64, of room: RoomName) -> Line? {
        guard let kept = contents.rooms[room], kept.oldest...kept.last + 1 ~= seq, seq <= kept.last
        else { return nil }
        return kept.lines[Int(seq - kept.oldest)]
    }

    /// Stores a group, and returns its lines with their numbers.
    mutating func append(_ drafts: [Draft]) -> [Line] {
        guard !drafts.isEmpty else { return [] }
        if unsafeGroups > 0 { earlier = earlier.suffix(unsafeGroups - 1) + [contents] }
        return drafts.map { draft in
            let line = Line(
                seq: lastSeq(of: draft.room) + 1, time: draft.time, username: draft.username,
                message: draft.message, by: draft.author)
            contents.rooms[draft.room, default: Kept()].last = line.seq
            contents.rooms[draft.room]?.lines.append(line)
            contents.rooms[draft.room]?.origins[line.seq] = draft.origin
            if let key = draft.key {
                contents.sends.append(
                    StoredSend(
                        room: draft.room, username: draft.username, user: draft.author.user,
                        key: key, seq: line.seq, time: draft.time,
                        digest: RecentSends.digest(of: draft.message)))
            }
            return line
        }
    }

    func snapshot(of room: RoomName) -> RoomSnapshot {
        let changes = contents.changes[room] ?? []
        return RoomSnapshot(
            epoch: epoch, lastSeq: lastSeq(of: room), oldest: oldest(of: room),
            ends: pastEpochs.map { EpochEnd(epoch: $0.epoch, seq: $0.ends[room] ?? 0) }
        ).with(
            lastRev: UInt64(changes.count),
            changes: Array(changes.suffix(RoomSnapshot.changeLimit)),
            settings: contents.ledger.settings(of: room))
    }

    /// What a store with this disk says when it opens, at this time.
    func opening(at time: Int64) -> OrdererOpening {
        let oldest = Timestamp(milliseconds: time - RecentSends.period)
        let held = Dictionary(grouping: contents.held, by: \.draft.room).map { room, lines in
            HeldRoom(name: room, rules: contents.ledger.settings(of: room).rules, lines: lines)
        }
        var opening = OrdererOpening(
            epoch: epoch, sends: sends(since: oldest), bans: contents.ledger.bans, held: held)
        opening.terms = contents.ledger.terms
        return opening
    }

    /// The lines that wait.
    package var held: [HeldLine] { contents.held }

    /// A line waits from now on.
    mutating func hold(_ hold: HeldRequest.Hold) -> HeldLine {
        contents.lastHeld += 1
        let line = HeldLine(id: contents.lastHeld, hold.draft, hold.reason)
        contents.held.append(line)
        return line
    }

    /// Says those of these lines that wait. Returns them with their numbers.
    mutating func release(_ ids: [UInt64], at time: Timestamp) -> [(held: HeldLine, line: Line)] {
        let waiting = ids.compactMap { id in contents.held.first { $0.id == id } }
        contents.held.removeAll { ids.contains($0.id) }
        return Array(zip(waiting, append(waiting.map { $0.said(at: time) })))
    }

    func report(_ query: ReportQuery, of room: RoomName, at time: Timestamp) -> Report {
        contents.ledger.report(query, of: room, at: time)
    }

    /// Changes a room, unless the request was made before.
    mutating func change(_ request: ChangeRequest) -> (ChangeAnswer, RoomChange?) {
        let kept = contents.rooms[request.room] ?? Kept()
        var request = request
        var evidence = ChangeRequest.Evidence()
        evidence.lines = kept.lines
        evidence.origin = request.wanted.line.flatMap { kept.origins[$0] }
        evidence.origins = kept.origins
        evidence.last = kept.last
        evidence.held = contents.held.filter {
            request.room == .everywhere || $0.draft.room == request.room
        }
        request.evidence = evidence
        do throws(Refusal) {
            switch try contents.ledger.make(request) {
            case .known(let rev): return (.ordered(rev: rev), nil)
            case .new(let change):
                contents.changes[request.room, default: []].append(change)
                contents.held.removeAll { change.rejected.contains($0.id) }
                if case .approved(let id) = change.kind,
                    let place = contents.held.firstIndex(where: { $0.id == id })
                {
                    contents.held[place].isApproved = true
                }
                for seq in change.goneLines {
                    let place = Int(seq - kept.oldest)
                    contents.rooms[request.room]?.lines[place] = kept.lines[place].deleted
                }
                if case .restored(let restored) = change.kind {
                    for line in restored.lines where kept.oldest <= line.seq {
                        contents.rooms[request.room]?.lines[Int(line.seq - kept.oldest)] = line
                    }
                }
                return (.ordered(rev: change.rev), change)
            }
        } catch {
            return (.refused(error), nil)
        }
    }

    func page(of room: RoomName, from: UInt64, through: UInt64) -> RoomPage {
        var lines: [Line] = []
        var bytes = 0
        for line in self.lines(of: room) where from <= line.seq && line.seq <= through {
            guard lines.count < RoomPage.lineLimit, bytes <= RoomPage.byteLimit else { break }
            lines.append(line)
            bytes += line.username.utf8.count + line.message.utf8.count
        }
        let isCut = lines.count == RoomPage.lineLimit || bytes > RoomPage.byteLimit
        let cut = isCut ? lines.last?.seq : nil
        return RoomPage(
            lines: lines, through: cut ?? min(through, lastSeq(of: room)),
            oldest: oldest(of: room))
    }

    func sends(since time: Timestamp) -> [StoredSend] {
        contents.sends.filter { time <= $0.time }
    }

    /// Deletes all lines of a room before this one.
    mutating func prune(_ room: RoomName, before oldest: UInt64) {
        contents.rooms[room]?.lines.removeAll { $0.seq < oldest }
    }

    /// Another machine takes over, without the newest `groups`, as far as they were not safe. The
    /// server goes on. Lost lines leave their numbers, and deleted ones don't come back.
    mutating func failOver(losing groups: Int) {
        let before = contents.rooms
        lose(groups: groups)
        for (room, kept) in before {
            prune(room, before: kept.oldest)
            let lost = (lastSeq(of: room) + 1..<kept.last + 1).map { seq in
                Line(seq: seq, time: Timestamp(milliseconds: 0), username: "", message: "").deleted
            }
            contents.rooms[room, default: Kept()].lines += lost
            contents.rooms[room]?.last = kept.last
        }
    }

    /// Where an epoch has ended in a room. Nil if it hasn't.
    package func end(of epoch: String, in room: RoomName) -> UInt64? {
        pastEpochs.first { $0.epoch.text == epoch }.map { $0.ends[room] ?? 0 }
    }

    /// The machine dies and loses the newest `groups`, as far as they were not safe.
    mutating func lose(groups: Int) {
        if groups > 0, !earlier.isEmpty { contents = earlier[max(earlier.count - groups, 0)] }
        earlier = []
        pastEpochs.append(PastEpoch(epoch: epoch, ends: contents.rooms.mapValues(\.last)))
        epoch = Epoch(number: UInt64(pastEpochs.count) + 1)
    }
}
