internal import Reactor

/// Where lines stand in the one order.
///
/// While connections lose lines, that order is partly a guess, so lines in it move where that suits
/// what everybody has received; only where no order at all suits has a line been reordered. What
/// everybody has received is known of each connection: all before its position but what it skipped.
extension Verifier {
    /// A line that isn't, byte by byte, the one that had to come next.
    mutating func place(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by connection: Int
    ) {
        let position = positions[connection]
        if id.counter >= logged[id.sender] || absent.contains(id) {
            insert(id, due: due, message, by: connection)
        } else if let place = log.firstIndex(of: id, from: position) {
            // The next line in other bytes, or one behind lines that are late or lost here.
            if due != log[place].due { findings.add(.corrupt(connection: connection, id)) }
            advance(connection, over: place)
        } else if skipped[connection]?.contains(id) == true {
            receivedSkipped(id, by: connection)
        } else {
            findings.add(.doubled(connection: connection, id))
        }
    }

    /// Whether a line that was sent has not been received by the connection.
    func isMissing(_ id: LineID, on connection: Int) -> Bool {
        id.counter >= logged[id.sender] || absent.contains(id)
            || skipped[connection]?.contains(id) == true
            || log.firstIndex(of: id, from: positions[connection]) != nil
    }

    /// Counts the line at `place`; what stands before it is late or lost here.
    private mutating func advance(_ connection: Int, over place: Int) {
        skip(to: place, by: connection)
        positions[connection] = place + 1
        delivered += 1
    }

    /// Everybody's first sight of a line: it stands where this connection is, but behind earlier
    /// lines of its sender. Those who are past that place have missed it, or get it late.
    private mutating func insert(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by connection: Int
    ) {
        let isLate = absent.remove(id) != nil
        if !isLate {
            for counter in logged[id.sender]..<id.counter {
                absent.insert(LineID(sender: id.sender, counter: counter))
            }
            logged[id.sender] = id.counter + 1
        }
        let position = positions[connection]
        let earlier = (position..<log.endIndex).last { log[$0].precedes(id) }
        let place = earlier.map { $0 + 1 } ?? position
        if place < log.endIndex {
            for other in positions.indices where positions[other] > place {
                guard positions[other] != .max else { continue }
                positions[other] += 1
                skipped[other, default: []].insert(id)
            }
        }
        log.insert(id, due: due, message: message, at: place)
        advance(connection, over: place)
        if isLate, let later = (log.startIndex..<place).first(where: { log[$0].follows(id) }) {
            let other = log[later].id
            if !move(later, behind: place) {
                findings.add(.reordered(connection: connection, id, behind: other))
            }
        }
        trim()
    }

    /// A line that should have come before the last one of this connection.
    private mutating func receivedSkipped(_ id: LineID, by connection: Int) {
        let last = positions[connection] - 1
        if let place = log.firstIndex(of: id, from: log.startIndex), move(place, behind: last) {
            advance(connection, over: positions[connection])
        } else {
            let behind = last >= log.startIndex ? log[last].id : nil
            skipped[connection]?.remove(id)
            delivered += 1
            findings.add(.reordered(connection: connection, id, behind: behind))
        }
    }

    /// Moves a line, and what must follow it, behind the one at `end`; false, and nothing is moved,
    /// if that one must follow it too.
    private mutating func move(_ place: Int, behind end: Int) -> Bool {
        let region = place...end
        let connections = positions.indices.filter { connection in
            positions[connection] > place && positions[connection] != .max
        }
        // A line must follow another one that somebody has received before it, or its sender sent.
        var bound: Set<Int> = []
        var senders: [Int: Int] = [:]
        var isMoving: [Bool] = []
        for index in region {
            let id = log[index].id
            let receivers = connections.filter { has(index, $0) }
            let moves =
                index == place || senders[id.sender].map { $0 < id.counter } == true
                || receivers.contains(where: bound.contains)
            isMoving.append(moves)
            if moves {
                bound.formUnion(receivers)
                if senders[id.sender] == nil { senders[id.sender] = id.counter }
            }
        }
        guard isMoving.last == false else { return false }

        let received = connections.map { connection in
            Set(region.filter { has($0, connection) }.map { log[$0].id })
        }
        log.partition(region, moving: isMoving)
        for (connection, received) in zip(connections, received)
        where positions[connection] <= end + 1 {
            for index in region { skipped[connection]?.remove(log[index].id) }
            positions[connection] = place
            if let last = region.last(where: { received.contains(log[$0].id) }) {
                for index in place..<last where !received.contains(log[index].id) {
                    skipped[connection, default: []].insert(log[index].id)
                }
                positions[connection] = last + 1
            }
        }
        return true
    }

    private func has(_ place: Int, _ connection: Int) -> Bool {
        place < positions[connection] && skipped[connection]?.contains(log[place].id) != true
    }

    private mutating func skip(to place: Int, by connection: Int) {
        for missed in positions[connection]..<place {
            skipped[connection, default: []].insert(log[missed].id)
        }
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

extension LineLog.Line {
    /// Whether the same sender sent it before the other one.
    fileprivate func precedes(_ other: LineID) -> Bool {
        id.sender == other.sender && id.counter < other.counter
    }

    fileprivate func follows(_ other: LineID) -> Bool {
        id.sender == other.sender && id.counter > other.counter
    }
}
