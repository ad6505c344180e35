/// The truth about one moderated room, as far as clients have told it: its lines, and what changes
/// did to them. It has no rules of the server, only what was said, received and acknowledged.
final class HallRecord {
    let room: String
    /// When it began, on the hall's clock.
    let since: Int
    var epoch: String?
    /// The lines, as they were first received.
    private(set) var lines: [UInt64: ChatEvent] = [:]
    private var seqs: [String: UInt64] = [:]
    /// What changes did to a line: they took it, or brought it back, which is nil.
    private var fates: [UInt64: [UInt64: Taking?]] = [:]
    /// Lines of which somebody got the tombstone. Their change may have come before everybody.
    private var buried: Set<UInt64> = []
    /// The first event of each change, and the number of the line before it.
    private(set) var changes: [UInt64: (event: ChatEvent, after: UInt64?)] = [:]
    /// Changes that clients got after different lines, and the lines between, less 1.
    private var doubts: [(rev: UInt64, lines: Range<UInt64>)] = []
    /// The lines that each change took, if that is known.
    private var contents: [UInt64: Set<UInt64>] = [:]
    /// Changes that somebody undoes: by their numbers, the numbers of what undid them. The greatest
    /// number stands for an order that wasn't answered.
    private var undoings: [UInt64: [String: UInt64]] = [:]
    /// The orders that were acknowledged, by the numbers of their changes.
    private(set) var orders: [UInt64: Order] = [:]
    private(set) var silences: [Silence] = []
    /// Orders under way that may end a silence, by id, and when the last one was sent.
    private var lifts: Set<String> = []
    private var lastLift = 0
    /// Until when orders of lost clients may still be carried out, in milliseconds.
    private var doubtfulUntil: UInt64 = 0
    private let violate: (String) -> Void
    /// The oldest line that wasn't pruned.
    private let oldest: () -> UInt64

    init(
        room: String, since: Int, oldest: @escaping () -> UInt64,
        violate: @escaping (String) -> Void
    ) {
        (self.room, self.since) = (room, since)
        self.oldest = oldest
        self.violate = { violate("\(room): \($0)") }
    }

    var last: UInt64 { lines.keys.max() ?? 0 }
    var lastRev: UInt64 { max(changes.keys.max() ?? 0, orders.keys.max() ?? 0) }
    /// Whether any line may have come and gone without anybody's knowledge.
    var hasUndoings: Bool { !undoings.isEmpty }

    // MARK: Lines

    /// Whether a line can't be in the same room as another one. Without a store, a room that was
    /// empty begins anew.
    func isOfAnotherLife(_ line: ChatEvent) -> Bool {
        guard let seq = line.seq, let known = lines[seq] else { return false }
        return known != line
    }

    /// A client has received a line whose frame began at `start`.
    func heard(_ line: ChatEvent, by client: Int, at start: Int) {
        guard let seq = line.seq, let text = line.message else { return violate("\(line)") }
        if let known = lines[seq], known != line { violate("two lines: \(known) and \(line)") }
        if let known = seqs[text], known != seq { violate("\(known) and \(seq) are one line") }
        (lines[seq], seqs[text]) = (line, seq)
        guard let (rev, taking) = fate(of: seq), let taking,
            taking.isBefore(start, of: client), !mayBeBack(seq, since: rev)
        else { return }
        violate("client \(client) got line \(seq) after change \(rev) took it")
    }

    /// The last change that took a line or brought it back.
    private func fate(of seq: UInt64) -> (rev: UInt64, taking: Taking?)? {
        fates[seq]?.max { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether nobody has brought a line back, or may have, since a change took it.
    func isGone(_ seq: UInt64) -> Bool {
        guard let (rev, taking) = fate(of: seq), taking != nil else { return false }
        return !mayBeBack(seq, since: rev)
    }

    private func mayBeBack(_ seq: UInt64, since rev: UInt64) -> Bool {
        undoings.contains { target, done in
            done.values.contains { $0 > rev } && contents[target]?.contains(seq) ?? true
        }
    }

    /// Whether a line may be left out: it was taken at some time, or nobody has seen it.
    func mayLack(_ seq: UInt64) -> Bool {
        fates[seq] != nil || lines[seq] == nil || buried.contains(seq)
    }

    /// A client has received the tombstone of a line.
    func heardTombstone(of seq: UInt64) { buried.insert(seq) }

    /// A change has taken these lines.
    func took(_ gone: [UInt64], in rev: UInt64, _ marks: @autoclosure () -> [Int: Int]) {
        let unknown = gone.filter { fates[$0]?[rev] == nil }
        guard !unknown.isEmpty else { return }
        let taking = Taking(marks: marks())
        for seq in unknown { fates[seq, default: [:]][rev] = .some(taking) }
    }

    // MARK: Changes

    /// A client has received an event of a change, after line `cursor`.
    func changed(_ event: ChatEvent, after cursor: UInt64?, _ marks: @autoclosure () -> [Int: Int])
    {
        guard let rev = event.rev else { return violate("\(event) has no rev") }
        // It may come in parts, and without lines that were taken again.
        let mayDiffer = ["purged", "restored"].contains(event.type)
        if let known = changes[rev] {
            if known.event.type == event.type, !mayDiffer, known.event != event {
                violate("change \(rev) is \(known.event) and \(event)")
            }
            if let cursor, let after = known.after, cursor != after {
                doubts.append((rev, min(cursor, after)..<max(cursor, after)))
            }
            changes[rev]?.after = [cursor, known.after].compactMap(\.self).max()
        } else {
            changes[rev] = (event, cursor)
        }
        let seqs = event.seqs ?? event.messages?.compactMap(\.seq) ?? []
        switch event.type {
        case "deleted", "purged":
            contents[rev, default: []].formUnion(seqs)
            took(seqs, in: rev, marks())
            checkRank(of: seqs, in: rev)
        case "restored":
            for seq in seqs { fates[seq, default: [:]][rev] = .some(nil) }
            contents[rev] = contents[rev] ?? []
            if let of = event.of, let taken = contents[of], !taken.isSuperset(of: seqs) {
                violate("\(event) brings back more than was taken")
            }
        default: contents[rev] = contents[rev] ?? []
        }
    }

    /// A change has one place among the lines. Those between two may have been taken before a
    /// client that was to be closed got them.
    func checkPlaces() {
        for (rev, lines) in doubts where lines.contains(where: { !mayLack($0 + 1) }) {
            violate("change \(rev) is after line \(lines.lowerBound) and \(lines.upperBound)")
        }
    }

    /// Nobody takes lines of equals or betters, but for one's own.
    private func checkRank(of seqs: [UInt64], in rev: UInt64) {
        guard let order = orders[rev] else { return }
        for seq in seqs {
            guard let line = lines[seq], line.role != "system", line.user != order.sub else {
                continue
            }
            if Standing(of: line) >= order.standing {
                violate("change \(rev) of \(order.sub) took line \(seq) of an equal or a better")
            }
        }
    }

    // MARK: Orders

    /// Somebody sends an order.
    func sent(_ order: Order, mayMatter: Bool) {
        guard mayMatter else { return }
        if case .undo(let rev) = order.kind { undoings[rev, default: [:]][order.id] = .max }
        if order.mayLift {
            silences = []
            lifts.insert(order.id)
            lastLift = order.at
        }
    }

    /// It was refused.
    func refused(_ order: Order) {
        lifts.remove(order.id)
        guard case .undo(let rev) = order.kind, !order.isRepeated else { return }
        undoings[rev]?[order.id] = nil
        if undoings[rev]?.isEmpty == true { undoings[rev] = nil }
    }

    /// Its client is gone, and the order may still be carried out for some time.
    func lost(_ order: Order, at now: UInt64) {
        if lifts.remove(order.id) != nil { doubtfulUntil = now + 300_000 }
    }

    /// It was carried out, as this change.
    func acknowledged(
        _ order: Order, as rev: UInt64, tick: Int, at now: UInt64,
        _ marks: @autoclosure () -> [Int: Int]
    ) {
        lifts.remove(order.id)
        if let known = orders[rev], known.id != order.id {
            violate("change \(rev) is \(known.id) and \(order.id)")
        }
        if case .undo(let of) = order.kind {
            undoings[of]?[order.id] = rev
            if of >= rev { violate("change \(rev) undoes \(of)") }
        }
        let isNew = orders[rev] == nil
        orders[rev] = orders[rev] ?? order
        guard isNew else { return }
        switch order.kind {
        case .delete(let seqs): took(seqs.filter { known($0, order) }, in: rev, marks())
        case .purge(let range?):
            let all = lines.keys.filter { range.contains($0) && known($0, order) }
            took(all.filter { mustFall(lines[$0]!, to: order) }, in: rev, marks())
        case .settings, .panic, .ban, .unban:
            // Clients may never be told which lines a ban took.
            if !order.purges { contents[rev] = contents[rev] ?? [] }
        case .purge, .undo: break
        }
        if let taken = contents[rev] { checkRank(of: taken.sorted(), in: rev) }
        guard !order.isRepeated, lifts.isEmpty, lastLift <= order.at, doubtfulUntil < now else {
            return
        }
        silences += order.silences(since: tick)
    }

    /// Whether a line was there, and wasn't gone, when the order was sent. An order from before the
    /// room began anew was for other lines.
    private func known(_ seq: UInt64, _ order: Order) -> Bool {
        !order.isRepeated && since < order.at && oldest() <= seq && seq <= order.last
            && lines[seq] != nil
            && !(fates[seq]?.values.contains { $0 != nil } ?? false)
    }

    private func mustFall(_ line: ChatEvent, to order: Order) -> Bool {
        line.role == "system" || line.user == order.sub
            || Standing(of: line) < max(order.least, .moderator)
    }
}
