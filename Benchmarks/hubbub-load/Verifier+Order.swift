internal import Reactor

extension Verifier {
    /// A line that isn't, byte by byte, the one that had to come next.
    mutating func place(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by connection: Int
    ) {
        let position = positions[connection]
        if position < log.endIndex, log[position].id == id {
            // A server may write the same line in different ways.
            check(due, of: log[position], by: connection)
            positions[connection] = position + 1
            delivered += 1
        } else if id.counter >= logged[id.sender] {
            appendNew(id, due: due, message, by: connection)
        } else if absent.contains(id) {
            insertAbsent(id, due: due, message, by: connection)
        } else if let place = log.firstIndex(of: id, from: position) {
            check(due, of: log[place], by: connection)
            skip(to: place, by: connection)
            positions[connection] = place + 1
            delivered += 1
        } else if skipped[connection]?.remove(id) != nil {
            delivered += 1
            let last = position > log.startIndex ? log[position - 1].id : nil
            findings.add(.reordered(connection: connection, id, behind: last))
        } else {
            findings.add(.doubled(connection: connection, id))
        }
    }

    /// Everybody's first sight of a line. Lines that others have had and this connection hasn't
    /// are late or lost here.
    private mutating func appendNew(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by connection: Int
    ) {
        skip(to: log.endIndex, by: connection)
        for counter in logged[id.sender]..<id.counter {
            absent.insert(LineID(sender: id.sender, counter: counter))
        }
        logged[id.sender] = id.counter + 1
        log.insert(id, due: due, message: message, at: log.endIndex)
        positions[connection] = log.endIndex
        delivered += 1
        trim()
    }

    /// Everybody's first sight of a line that its sender sent before another one that is in the
    /// log. Those who are past this place have missed it, or get it late.
    private mutating func insertAbsent(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by connection: Int
    ) {
        let position = positions[connection]
        let before = (log.startIndex..<position).last { place in
            log[place].id.sender == id.sender && log[place].id.counter > id.counter
        }
        if let before {
            findings.add(.reordered(connection: connection, id, behind: log[before].id))
        }
        absent.remove(id)
        log.insert(id, due: due, message: message, at: position)
        for other in positions.indices where positions[other] > position {
            guard positions[other] != .max else { continue }
            positions[other] += 1
            skipped[other, default: []].insert(id)
        }
        positions[connection] = position + 1
        delivered += 1
    }

    private mutating func skip(to place: Int, by connection: Int) {
        for missed in positions[connection]..<place {
            skipped[connection, default: []].insert(log[missed].id)
        }
    }

    private mutating func check(_ due: Instant, of line: LineLog.Line, by connection: Int) {
        if due != line.due { findings.add(.corrupt(connection: connection, line.id)) }
    }

    /// Nothing more will come: what is missing now is lost.
    mutating func finish() {
        var lostByAll = absent
        for sender in sent.indices {
            for counter in logged[sender]..<sent[sender] {
                lostByAll.insert(LineID(sender: sender, counter: counter))
            }
        }
        report(lostByAll, connection: nil, times: alive)
        for connection in positions.indices where positions[connection] != .max {
            skip(to: log.endIndex, by: connection)
            positions[connection] = log.endIndex
            report(skipped[connection] ?? [], connection: connection, times: 1)
        }
    }

    /// One finding for each run of a sender's lines.
    private mutating func report(_ lost: Set<LineID>, connection: Int?, times: Int) {
        var rest = lost.sorted()[...]
        while let first = rest.first {
            var length = 1
            while length < rest.count, rest[rest.startIndex + length].sender == first.sender,
                rest[rest.startIndex + length].counter == first.counter + length
            {
                length += 1
            }
            rest.removeFirst(length)
            let counters = first.counter...first.counter + length - 1
            findings.add(
                .lost(connection: connection, sender: first.sender, counters: counters),
                count: length * times)
        }
    }
}
