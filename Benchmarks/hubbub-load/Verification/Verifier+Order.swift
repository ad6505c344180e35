internal import Reactor

/// The positions of lines in the one order.
///
/// While members lose lines, that order is partly a guess. So lines in it move if the new order
/// fits what all members have received. A line was reordered only if no order fits. Each
/// connection's received lines are known: all before its position except those it skipped.
extension Verifier {
    /// The product of lines and members above which no fitting order is searched for.
    private static let moveLimit = 4 << 20

    /// Handles a line that isn't, byte by byte, the expected one. Its sender is one of ours.
    mutating func place(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by member: Int
    ) {
        let position = positions[member]
        if isUnseen(id) {
            insert(id, due: due, message, by: member)
        } else if position == Self.entering {
            // Old lines, which some servers replay, have no position in the order.
            guard let place = log.firstIndex(of: id, from: log.startIndex) else { return }
            starts[member] = place
            positions[member] = place
            advance(member, over: place)
        } else if let place = log.firstIndex(of: id, from: position) {
            // The next line in other bytes, or one after lines that are late or lost here.
            if due != log[place].due { addCorrupt(id, by: member) }
            advance(member, over: place)
        } else if skipped[member]?.contains(id) == true {
            receivedSkipped(id, by: member)
        } else if let start = starts[member], start >= log.startIndex, start < log.endIndex,
            let place = log.firstIndex(of: id, from: log.startIndex), place < start
        {
            // It comes before the line with which this member's part of the order began.
            let number = members.number(at: member)
            findings.add(.reordered(connection: number, id, behind: log[start].id))
        } else {
            findings.add(.doubled(connection: members.number(at: member), id))
        }
    }

    private mutating func addCorrupt(_ id: LineID, by member: Int) {
        findings.add(.corrupt(connection: members.number(at: member), id))
    }

    /// Whether no member has received the line yet.
    private func isUnseen(_ id: LineID) -> Bool {
        guard let sender = senders.index(of: id.sender) else { return false }
        return id.counter >= logged[sender] || absent.contains(id)
    }

    /// Whether the member hasn't received a line that was sent.
    func isMissing(_ id: LineID, on member: Int) -> Bool {
        let position = positions[member]
        guard position < Self.entering else { return position == Self.entering }
        return isUnseen(id) || skipped[member]?.contains(id) == true
            || log.firstIndex(of: id, from: position) != nil
    }

    /// Counts the line at `place`. Lines before it are late or lost here.
    private mutating func advance(_ member: Int, over place: Int) {
        skip(to: place, by: member)
        positions[member] = place + 1
        delivered += 1
    }

    /// A line seen for the first time. It is inserted at this member's position, but after earlier
    /// lines of its sender. Members past that position have missed it, or get it late.
    private mutating func insert(
        _ id: LineID, due: Instant, _ message: Span<UInt8>, by member: Int
    ) {
        guard let sender = senders.index(of: id.sender) else { return }
        let isLate = absent.remove(id) != nil
        if !isLate {
            for counter in logged[sender]..<id.counter {
                absent.insert(LineID(sender: id.sender, counter: counter))
            }
            logged[sender] = id.counter + 1
        }
        let isEntering = positions[member] == Self.entering
        let position = isEntering ? log.endIndex : positions[member]
        let earlier = (position..<log.endIndex).last { log[$0].precedes(id) }
        let place = earlier.map { $0 + 1 } ?? position
        let seq = format.seq(of: message)
        if place < log.endIndex { makeRoom(for: id, seq: seq, at: place) }
        log.insert(id, due: due, seq: seq, message: message, at: place)
        if isEntering {
            starts[member] = place
            positions[member] = place
        }
        advance(member, over: place)
        if isLate, let later = (log.startIndex..<place).first(where: { log[$0].follows(id) }) {
            let other = log[later].id
            if !move(later, behind: place) {
                let number = members.number(at: member)
                findings.add(.reordered(connection: number, id, behind: other))
            }
        }
        trim()
    }

    /// A line will be inserted at `place`. Members past it haven't received it.
    private mutating func makeRoom(for id: LineID, seq: UInt64, at place: Int) {
        for other in positions.indices where positions[other] > place {
            guard positions[other] < Self.entering else { continue }
            positions[other] += 1
            if let start = starts[other], place <= start {
                starts[other] = start + 1
            } else {
                miss(id, seq: seq, other)
            }
        }
    }

    private mutating func miss(_ id: LineID, seq: UInt64, _ member: Int) {
        if isExcused(seq, member) {
            excused[member, default: 0] += 1
        } else {
            skipped[member, default: []].insert(id)
        }
    }

    /// A line arrived that should have come before this member's last one.
    private mutating func receivedSkipped(_ id: LineID, by member: Int) {
        let last = positions[member] - 1
        if let place = log.firstIndex(of: id, from: log.startIndex), move(place, behind: last) {
            advance(member, over: positions[member])
        } else {
            let behind = last >= log.startIndex ? log[last].id : nil
            skipped[member]?.remove(id)
            delivered += 1
            let number = members.number(at: member)
            findings.add(.reordered(connection: number, id, behind: behind))
        }
    }

    /// Moves a line, and the lines that must follow it, behind the one at `end`. If that one must
    /// follow it too, moves nothing and returns false.
    private mutating func move(_ place: Int, behind end: Int) -> Bool {
        let region = place...end
        let involved = positions.indices.filter { member in
            positions[member] > place && positions[member] < Self.entering
        }
        guard region.count * involved.count <= Self.moveLimit else { return false }
        // A line must follow another if a member received it later, or if its sender sent it later.
        var bound: Set<Int> = []
        var senders: [Int: Int] = [:]
        var isMoving: [Bool] = []
        for index in region {
            let id = log[index].id
            let receivers = involved.filter { has(index, $0) }
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

        let received = involved.map { member in
            Set(region.filter { has($0, member) }.map { log[$0].id })
        }
        log.partition(region, moving: isMoving)
        for (member, received) in zip(involved, received)
        where positions[member] <= end + 1 {
            for index in region { skipped[member]?.remove(log[index].id) }
            positions[member] = place
            if let last = region.last(where: { received.contains(log[$0].id) }) {
                for index in place..<last where !received.contains(log[index].id) {
                    skipped[member, default: []].insert(log[index].id)
                }
                positions[member] = last + 1
            }
        }
        return true
    }

    private func has(_ place: Int, _ member: Int) -> Bool {
        place < positions[member] && skipped[member]?.contains(log[place].id) != true
    }

    private mutating func skip(to place: Int, by member: Int) {
        guard positions[member] < place else { return }
        for missed in positions[member]..<place {
            let line = log[missed]
            miss(line.id, seq: line.seq, member)
        }
    }

    /// Nothing more will arrive. Lines that are missing now are lost.
    mutating func finish() {
        var lostByAll = absent
        for sender in sent.indices {
            let number = senders.number(at: sender)
            let sent = sent[sender] ?? logged[sender]
            for counter in min(logged[sender], sent)..<sent {
                lostByAll.insert(LineID(sender: number, counter: counter))
            }
            if logged[sender] > sent {
                let first = LineID(sender: number, counter: sent)
                findings.add(.invented(connection: nil, first), count: logged[sender] - sent)
            }
        }
        let present = positions.indices.filter { positions[$0] < Self.entering }
        report(lostByAll, connection: nil, times: present.count)
        for member in present {
            skip(to: log.endIndex, by: member)
            positions[member] = log.endIndex
            report(skipped[member] ?? [], connection: members.number(at: member), times: 1)
        }
    }

    /// Adds one finding for each run of a sender's lines.
    mutating func report(_ lost: Set<LineID>, connection: Int?, times: Int) {
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
