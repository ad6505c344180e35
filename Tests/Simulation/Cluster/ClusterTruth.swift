internal import Chat
internal import ChatCluster

/// What has happened in a cluster, as its shards know it, and what was told of it. It says which
/// promises were broken.
package final class ClusterTruth {
    private struct Number: Hashable {
        let epoch: Epoch
        let room: RoomName
        let isChange: Bool
        let number: UInt64

        init(_ epoch: Epoch, _ room: RoomName, isChange: Bool, _ number: UInt64) {
            (self.epoch, self.room) = (epoch, room)
            (self.isChange, self.number) = (isChange, number)
        }

        init(_ epoch: Epoch, _ room: RoomName, _ entry: RoomEntry) {
            switch entry {
            case .line(let line): self.init(epoch, room, isChange: false, line.seq)
            case .change(let change): self.init(epoch, room, isChange: true, change.rev)
            }
        }

        var text: String { "\(isChange ? "change" : "line") \(number) of \(room.text)" }
    }

    private struct Place: Hashable {
        let room: RoomName
        let seq: UInt64
    }

    private struct Source: Hashable {
        let run: NodeRun
        let id: UInt64
    }

    private struct Key: Hashable {
        let room: RoomName
        let username: String
        let key: String

        init?(_ draft: Draft) {
            guard let key = draft.key else { return nil }
            (room, username, self.key) = (draft.room, draft.username, key)
        }
    }

    private struct Ordered {
        let draft: Draft
        let entry: StoredEntry
        let shard: Int
        /// Whether a restart has lost it.
        var isLost = false
    }

    package private(set) var violations: [String] = []
    private var ordered: [Ordered] = []
    private var numbers: [Number: StoredEntry] = [:]
    private var times: [Number: UInt64] = [:]
    private var lines: [Place: [Line]] = [:]
    private var sources: [Source: [Int]] = [:]
    private var keys: [Key: [Int]] = [:]
    private var failed: Set<Source> = []
    /// The first numbers that nobody has deleted because of age or number.
    private var kept: [RoomName: UInt64] = [:]
    /// What was said, for a summary.
    private(set) var answers = 0

    package init() {}

    package func broken(_ rule: String) { violations.append(rule) }

    // MARK: What the shards do

    /// A line has its number.
    func ordered(
        _ submission: Submission, of run: NodeRun, _ entry: StoredEntry, in room: RoomName,
        _ epoch: Epoch, by shard: Int, at now: UInt64
    ) {
        let source = Source(run: run, id: submission.id)
        let name = "\(run.name.text)'s line \(submission.id)"
        took(entry, in: room, epoch, at: now)
        for index in sources[source] ?? [] where !ordered[index].isLost {
            broken("\(name) was ordered twice")
        }
        if failed.contains(source) { broken("\(name) was ordered after it had failed") }
        sources[source, default: []].append(ordered.count)
        if let key = Key(submission.draft) {
            for index in keys[key] ?? [] where !ordered[index].isLost {
                broken("\(name) with a known key was ordered")
            }
            keys[key, default: []].append(ordered.count)
        }
        ordered.append(Ordered(draft: submission.draft, entry: entry, shard: shard))
    }

    func changed(_ entry: StoredEntry, in room: RoomName, _ epoch: Epoch, at now: UInt64) {
        took(entry, in: room, epoch, at: now)
    }

    private func took(
        _ entry: StoredEntry, in room: RoomName, _ epoch: Epoch, at now: UInt64
    ) {
        let number = Number(epoch, room, entry.entry)
        if numbers.updateValue(entry, forKey: number) != nil {
            broken("\(number.text) stands for two entries of epoch \(epoch.text)")
        }
        times[number] = now
        if case .line(let line, _) = entry.content {
            lines[Place(room: room, seq: line.seq), default: []].append(line)
        }
    }

    /// Lines before this one were deleted.
    func pruned(_ room: RoomName, before oldest: UInt64) {
        kept[room] = max(kept[room] ?? 0, oldest)
    }

    /// A server was told that.
    func told(oldest: UInt64, in room: RoomName, by node: String) {
        if oldest > kept[room] ?? 0 {
            broken("\(node) tells that \(room.text) begins at \(oldest)")
        }
    }

    /// A shard was restarted, and has this left.
    func rolledBack(_ shard: Int, to data: ShardData) {
        for index in ordered.indices where ordered[index].shard == shard {
            let (draft, entry) = (ordered[index].draft, ordered[index].entry)
            if data.rooms[draft.room]?.entry(at: entry.cursor) != entry {
                ordered[index].isLost = true
            }
        }
    }

    // MARK: What the nodes say

    /// A server was told the outcome of a line.
    func answered(_ submission: Submission, of run: NodeRun, _ answer: SubmissionAnswer) {
        answers += 1
        let source = Source(run: run, id: submission.id)
        let name = "\(run.name.text)'s line \(submission.id)"
        let own = (sources[source] ?? []).map { ordered[$0] }
        let same = (Key(submission.draft).flatMap { keys[$0] } ?? []).map { ordered[$0] }
        switch answer {
        case .ordered(let seq, _):
            if !own.contains(where: { $0.entry.cursor.seq == seq }) {
                broken("\(name) was acknowledged as \(seq), which it isn't")
            }
        case .already(let seq, _):
            let isKnown = same.contains {
                $0.entry.cursor.seq == seq && $0.draft.message == submission.draft.message
            }
            if !isKnown { broken("\(name) isn't line \(seq) already") }
        case .otherText:
            if !same.contains(where: { $0.draft.message != submission.draft.message }) {
                broken("\(name) was refused for another text that there isn't")
            }
        case .failed:
            failed.insert(source)
            if own.contains(where: { !$0.isLost }) { broken("\(name) has failed, but was ordered") }
        case .uncertain: break
        case .unknown: broken("\(name) has an unknown outcome")
        }
    }

    /// A server was told a change that is in the state of the room, perhaps one of another epoch.
    func toldAgain(_ change: RoomChange, in room: RoomName, by node: String) {
        let isKnown = numbers.contains { number, known in
            number.room == room && known.entry == .change(change)
        }
        if !isKnown { broken("\(node) tells change \(change.rev), which isn't in \(room.text)") }
    }

    /// A server was told an entry.
    func told(_ entry: RoomEntry, in room: RoomName, _ epoch: Epoch, by node: String) {
        let number = Number(epoch, room, entry)
        if numbers[number]?.entry != entry {
            broken("\(node) tells \(number.text) of epoch \(epoch.text), which isn't that")
        }
    }

    /// A server has read a line.
    func read(_ line: Line, in room: RoomName, by node: String) {
        if lines[Place(room: room, seq: line.seq)]?.contains(line) != true {
            broken("\(node) reads a line \(line.seq) of \(room.text) that was never said")
        }
    }

    // MARK: What must have arrived

    /// When the entry after a position was made. Nil if there is none.
    func time(after cursor: RoomCursor, in room: RoomName, _ epoch: Epoch) -> UInt64? {
        [
            times[Number(epoch, room, isChange: false, cursor.seq + 1)],
            times[Number(epoch, room, isChange: true, cursor.rev + 1)],
        ].compactMap(\.self).min()
    }

    /// The numbers of the lines of an epoch that are after a number and not lost.
    func lines(of room: RoomName, in epoch: Epoch, after seq: UInt64) -> [UInt64] {
        ordered.filter { one in
            one.draft.room == room && !one.isLost && one.entry.cursor.seq > seq
                && one.entry.cursor.seq >= kept[room] ?? 0
                && numbers[Number(epoch, room, one.entry.entry)] == one.entry
        }.map(\.entry.cursor.seq)
    }
}
