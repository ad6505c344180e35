internal import Reactor

/// What somebody in a hall receives.
extension Attendee {
    func received(_ event: ChatEvent, from client: Client, at start: Int) {
        guard client === self.client else { return }
        world.note("client \(client.number) gets \(event)")
        switch event.type {
        case "message": heard(event, at: start)
        case "joined": joined(event)
        case "left": left(event)
        case "ack": acknowledged(event)
        case "error": refused(event)
        case "history": answeredHistory(event, at: start)
        case "gap": missed(event)
        case "deleted" where event.seq != nil: heard(event, at: start)
        case "deleted", "purged", "restored", "room": changed(event, at: start)
        case "authenticated": authenticated(event)
        case "modlog": answeredLog(event)
        case "welcome", "presence", "members", "bans", "auth_expiring", "closing": break
        default: violate("an unknown event: \(event)")
        }
    }

    private func request(_ event: ChatEvent) -> Waiting? {
        event.id.flatMap { waiting.removeValue(forKey: $0) }
    }

    /// Changes what it shows of the event's room.
    private func view(_ event: ChatEvent, _ change: (inout RoomView) -> String?) {
        guard let room = event.room, var view = views[room] else {
            return violate("it is not in the room of \(event)")
        }
        if let wrong = change(&view) { violate("\(wrong) in \(room)") }
        views[room] = view
    }

    // MARK: Lines

    private func heard(_ event: ChatEvent, at start: Int) {
        guard let seq = event.seq else { return violate("\(event)") }
        let isLine = event.type == "message"
        if isLine {
            hall.heard(event, by: self, at: start)
        } else if let room = event.room, isHere(room) {
            hall.record(room).heardTombstone(of: seq)
        }
        view(event) { view in
            if !isLine, !view.takesChanges { return "\(event) for a client without changes" }
            return view.heard(seq, isLine ? .text(event) : .gone)
        }
    }

    private func missed(_ event: ChatEvent) {
        view(event) { view in
            if let rev = event.rev {
                view.missed(changesTo: rev)
                return nil
            }
            guard let from = event.from, let through = event.through else { return "\(event)" }
            return view.missed(from: from, through: through)
        }
    }

    private func answeredHistory(_ event: ChatEvent, at start: Int) {
        guard case .history(let room, let isLast)? = request(event), let all = event.messages else {
            return violate("\(event) wasn't requested")
        }
        for line in all where line.type == "message" { hall.heard(line, by: self, at: start) }
        if isLast { histories[room] = all }
    }

    // MARK: Rooms

    private func joined(_ event: ChatEvent) {
        guard case .join(let room, let known, let sentAt)? = request(event),
            let epoch = event.epoch, let seq = event.seq
        else { return violate("\(event) wasn't requested") }
        if highest(in: room) == nil, !isVoid { violate("\(room) is closed to it: \(event)") }
        hall.joined(room, epoch, by: self, sentAt: sentAt)
        // If it joined twice, it keeps its position.
        guard views[room] == nil else { return }
        // A join may come after another one and a leave, which were sent meanwhile.
        if event.recovered == true, let known {
            if known.epoch != epoch { violate("\(event)") }
            if dialect == .changes, event.rev ?? 0 < known.rev {
                violate("change \(known.rev) of \(room) is lost")
            }
            views[room] = known
        } else {
            views[room] = RoomView(
                epoch: epoch, seq: seq, rev: event.rev ?? 0, takesChanges: dialect == .changes,
                isEmpty: seq == 0)
        }
        kept[room] = nil
    }

    private func left(_ event: ChatEvent) {
        _ = request(event)
        if let room = event.room { views[room] = nil }
    }

    private func changed(_ event: ChatEvent, at start: Int) {
        guard let rev = event.rev, let room = event.room else { return violate("\(event)") }
        var isAnew = false
        var cursor: UInt64?
        view(event) { view in
            cursor = view.hasSkipped || rev <= view.resumed ? nil : view.cursor
            guard view.takesChanges else { return "\(event) for a client without changes" }
            // After a gap, the settings come anew. After a resume, a change of several events does.
            isAnew = rev == view.knownSince && (event.type == "room" || rev <= view.resumed)
            return isAnew ? nil : view.changed(rev)
        }
        guard !isAnew, isHere(room) else { return }
        for line in event.messages ?? [] { hall.heard(line, by: self, at: start) }
        hall.record(room).changed(event, after: hall.hasLagged ? nil : cursor, hall.marks())
        let seqs = event.seqs ?? []
        view(event) { view in
            if event.type != "restored" { view.took(seqs) } else { view.gotBack(seqs) }
            view.gotBack(event.messages ?? [])
            return nil
        }
    }

    // MARK: Answers

    private func acknowledged(_ event: ChatEvent) {
        switch request(event) {
        case .line(let line)?:
            if line.isVoid || line.standing == nil { violate("\(event) to one without rights") }
        case .order(var order)?:
            guard let rev = event.rev else { return violate("\(event) has no rev") }
            if order.standing < .moderator, !hall.isOwn(order) {
                violate("\(event) to \(order.type) of a \(order.standing)")
            }
            if let known = order.rev, known != rev {
                violate("\(order.id) was change \(known), and is \(rev)")
            }
            order.rev = rev
            orders.append(order)
            hall.acknowledged(order, as: rev)
        case .other?: break
        default: violate("\(event) wasn't requested")
        }
    }

    private func refused(_ event: ChatEvent) {
        guard let code = event.code, event.reason != nil else { return violate("\(event)") }
        guard let id = event.id else {
            // Plain lines, and a token that has ended.
            if code == "token_expired" { passes.append(nil) }
            return
        }
        switch waiting.removeValue(forKey: id) {
        case .order(let order)?:
            if code != "store_unavailable" { hall.record(order.room).refused(order) }
            if code == "store_unavailable" {
                hall.record(order.room).lost(order, at: world.now.milliseconds)
            }
        case .authentication(let pass)?:
            if let place = passes.firstIndex(of: pass) { passes.remove(at: place) }
        case nil: violate("\(event) wasn't requested")
        default: break
        }
    }

    private func authenticated(_ event: ChatEvent) {
        guard case .authentication(let pass)? = request(event), event.sub == sub else {
            return violate("\(event) wasn't requested")
        }
        guard let place = passes.firstIndex(of: pass) else { return }
        // What came before it doesn't count any more.
        passes.removeFirst(place)
    }

    private func answeredLog(_ event: ChatEvent) {
        guard case .log(let room)? = request(event), let entries = event.entries else {
            return violate("\(event) wasn't requested")
        }
        hall.logged(entries, of: room, by: self)
    }
}
