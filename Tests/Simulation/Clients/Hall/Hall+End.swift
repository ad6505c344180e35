internal import Chat
internal import Reactor

/// A hall's beginnings and its end, when everybody compares what it has seen.
extension Hall {
    /// Nothing is known of the rooms.
    func begin() {
        for room in rooms + ["*"] { begin(room) }
        for person in people { person.forget() }
    }

    func begin(_ room: String) {
        records[room] = HallRecord(
            room: room, since: tick(),
            oldest: { [world] in
                guard let name = RoomName(room) else { return 1 }
                return world.store?.disk.oldest(of: name) ?? 1
            }, violate: { [world] in world.violate($0) })
    }

    /// A new server runs. Without a store, or if the machine died, the rooms begin anew.
    func serverStarted(losing hasLost: Bool) {
        for person in people where person.client != nil { person.lost() }
        if hasLost || world.store == nil { begin() }
    }

    /// Whether a server may have learned of lines before the changes between them.
    var hasLagged: Bool { world.stores.contains(where: \.hasLagged) }

    func calmDown() {
        isCalm = true
        for person in people {
            person.recover()
            person.client?.isCut = false
        }
        reap()
    }

    /// Lets everybody come back, with tokens that last, and join every room.
    func gather() {
        reap()
        for person in people {
            if person.client == nil { person.arrive() }
            guard person.isChatting, person.dialect != .plain, person.waiting.isEmpty else {
                continue
            }
            for room in rooms { person.join(room) }
        }
    }

    /// Everybody asks for what it may have missed.
    func ask() {
        reap()
        for person in people where person.isChatting {
            for room in person.views.keys.sorted() where person.dialect != .plain {
                person.askHistory(of: room, isLast: true)
                if person.highest(in: room) ?? .guest >= .moderator { person.askLog(of: room) }
            }
        }
    }

    func disperse() {
        for person in people { person.breakOff() }
    }

    func acknowledged(_ order: Order, as rev: UInt64) {
        record(order.room).acknowledged(
            order, as: rev, tick: tick(), at: world.now.milliseconds, marks())
    }

    // MARK: Checks

    /// Checks, once nothing is left to do, that all have seen the same.
    func checkAll() {
        reap()
        for room in rooms {
            record(room).checkPlaces()
            let there = people.filter { $0.isChatting && $0.views[room] != nil }
            var truth: [UInt64: RoomView.Shown] = [:]
            for person in there where person.dialect == .changes {
                for line in person.histories[room] ?? [] {
                    guard let seq = line.seq else { continue }
                    let shown = line.type == "message" ? RoomView.Shown.text(line) : .gone
                    if let known = truth[seq], known != shown {
                        person.violate("the history of \(room) has \(shown), not \(known)")
                    }
                    truth[seq] = shown
                }
            }
            for person in there { check(person, in: room, truth) }
        }
    }

    private func check(
        _ person: Attendee, in room: String, _ truth: [UInt64: RoomView.Shown]
    ) {
        guard let view = person.views[room] else { return }
        for id in person.waiting.keys.sorted() { person.violate("no reply to \(id)") }
        checkHoles(view, in: room, by: person)
        if view.takesChanges, view.hasHoles {
            person.violate("\(room) has holes for it: \(view.holes.sorted())")
        }
        guard person.dialect != .plain else { return }
        let record = record(room)
        if let cursor = view.cursor, cursor < record.last, view.takesChanges, world.store != nil {
            person.violate("\(room) ended with \(cursor) instead of \(record.last)")
        }
        let history = person.histories[room] ?? []
        if !view.takesChanges, !truth.isEmpty {
            for line in history where line.seq.flatMap({ truth[$0] }) == .gone {
                person.violate("the history of \(room) has a line that is gone: \(line)")
            }
        }
        guard view.takesChanges else { return }
        for (seq, shown) in view.lines {
            guard let stored = truth[seq], shown != .back, shown != stored else { continue }
            person.violate("it shows \(seq) of \(room) as \(shown), the history as \(stored)")
        }
        for rev in record.changes.keys where rev > view.knownSince && !view.revs.contains(rev) {
            person.violate("it has missed change \(rev) of \(room)")
        }
    }

    /// Lines may be left out only if they were taken.
    private func checkHoles(_ view: RoomView, in room: String, by person: Attendee) {
        let record = record(room)
        guard !record.hasUndoings else { return }
        for hole in view.holes where !record.mayLack(hole) {
            person.violate("it has missed line \(hole) of \(room)")
        }
    }

    /// A moderator has the log of a room: every change once, by somebody with the right to it.
    func logged(_ entries: [ChatEvent.Entry], of room: String, by person: Attendee) {
        let record = record(room)
        if entries.first?.rev ?? 0 < record.lastRev {
            person.violate("the log of \(room) ends before change \(record.lastRev)")
        }
        for (entry, next) in zip(entries, entries.dropFirst()) where entry.rev != next.rev + 1 {
            person.violate("the log of \(room) has \(next.rev) before \(entry.rev)")
        }
        for entry in entries {
            guard let author = people.first(where: { $0.sub == entry.by }) else {
                person.violate("\(entry) is by nobody")
                continue
            }
            let granted = author.grants.map { ($0[room] ?? nil) ?? .guest } ?? author.role
            if granted < .moderator, entry.action != "delete" {
                person.violate("a \(granted) has made \(entry)")
            }
            if let order = record.orders[entry.rev] {
                if order.sub != entry.by || order.type != entry.action {
                    person.violate("\(entry) in the log is \(order)")
                }
            }
        }
    }
}
