internal import ChatClient

extension Conversation {
    /// Carries out a moderator's command.
    mutating func obey(_ text: String) {
        switch SlashCommand(text, in: place) {
        case .command(let command): session.order(command, in: settings.room, using: &random)
        case .held:
            for line in place.held { show(line) }
            if place.held.isEmpty { display.status("no line waits") }
        case .help: display.status(SlashCommand.list)
        case .incomplete(let form):
            refusedLines += 1
            display.warning(form)
        case nil: break
        }
    }

    /// Shows what has changed in the room.
    mutating func removed(_ removal: ServerEvent.Removal) {
        // Numbers that the server has lost aren't told again.
        guard removal.count > 0 else { return }
        let range = removal.runs.map { run in
            run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound) to \(run.upperBound)"
        }.joined(separator: ", ")
        let lines = removal.count == 1 ? "line was" : "lines were"
        display.remark("\(removal.count) \(lines) deleted by a moderator (\(range))")
    }

    mutating func restored(_ restored: ServerEvent.Restored) {
        guard let lines = restored.messages else {
            return display.remark("deleted lines are back")
        }
        display.remark("\(Self.lines(lines.count)) back")
        for line in lines { display.line(line, isLate: true) }
    }

    mutating func changed(_ settings: RoomSettings) {
        let modes = settings.modes.joined(separator: "; ")
        display.remark("the room: \(modes.isEmpty ? "no limits" : modes)")
    }

    mutating func holds(_ line: ServerEvent.Held) {
        place.held.append(line)
        show(line)
    }

    private mutating func show(_ line: ServerEvent.Held) {
        let why = line.why.map { " (\($0))" } ?? ""
        display.remark("held \(line.held)\(why): \(line.username): \(line.message)")
    }

    mutating func decided(_ held: String, _ line: PendingLine?, isReleased: Bool) {
        place.held.removeAll { $0.held == held }
        guard let line else { return }
        display.remark("a moderator has \(isReleased ? "released" : "rejected"): \(line.text)")
    }

    mutating func carriedOut(_ command: ModerationCommand, _ ack: ServerEvent.Ack) {
        waitingSince = now
        if command.type != "undo" { place.change = ack.rev ?? place.change }
        if case .text(let held)? = command.fields["held"] {
            place.held.removeAll { $0.held == held }
        }
        let name = command.name.map { " \($0)" } ?? ""
        let others = ack.connections.map { $0 > 1 ? " (\($0) connections)" : "" } ?? ""
        let undo = ack.rev.map { command.type == "undo" ? "" : "; /undo \($0) takes it back" } ?? ""
        display.status("done: \(command.type)\(name)\(others)\(undo)")
    }

    mutating func show(_ log: ServerEvent.ModerationLog) {
        waitingSince = now
        for entry in log.entries.sorted(by: { $0.rev < $1.rev }) {
            let words: [String?] = [
                entry.by, entry.action, entry.username ?? entry.user,
                entry.count.map { "(\($0) lines)" }, entry.seconds.map { "for \($0) s" },
                entry.reason.map { ": \($0)" },
            ]
            display.remark("\(entry.rev) \(words.compactMap { $0 }.joined(separator: " "))")
        }
    }
}
