internal import Chat
internal import ChatCluster

/// What clients of a cluster's servers may be told.
extension ClusterTruth {
    /// The epochs in which a line has its number, the latest last. Empty if it was never said.
    func epochs(of line: ChatEvent, in room: RoomName) -> [String] {
        guard let seq = line.seq, let message = line.message else { return [] }
        return (epochs[Place(room: room, seq: seq)] ?? []).filter { _, known in
            known.message == message && known.username == line.username
                && known.author.user == line.user
        }.map(\.epoch.text)
    }

    /// Whether another line has this number in an epoch.
    func hasLine(_ seq: UInt64, in room: RoomName, _ epoch: String) -> Bool {
        guard let epoch = Epoch(epoch) else { return false }
        return numbers[Number(epoch, room, isChange: false, seq)] != nil
    }

    /// Whether a number may be left out: it has no line, or none that is still there for everybody.
    func mayLack(_ seq: UInt64, in room: RoomName) -> Bool {
        let place = Place(room: room, seq: seq)
        guard let known = lines[place], !deleted.contains(place), seq >= kept[room] ?? 0 else {
            return true
        }
        return known.allSatisfy { line in
            texts[line.message]?.allSatisfy { index in
                ordered[index].isLost || ordered[index].entry.cursor.seq != seq
                    || ordered[index].draft.room != room
            } ?? false
        }
    }

    func hasChange(_ rev: UInt64, in room: RoomName) -> Bool {
        changes.contains(Place(room: room, seq: rev))
    }

    /// Whether a line was said in a room under a number, and whether it is still there.
    func finding(_ message: String, as seq: UInt64, in room: RoomName) -> (
        isSaid: Bool, isLost: Bool
    ) {
        let found = (texts[message] ?? []).map { ordered[$0] }.filter {
            $0.draft.room == room && $0.entry.cursor.seq == seq
        }
        return (!found.isEmpty, found.allSatisfy(\.isLost))
    }

    /// Whether a line was ever said.
    func isSaid(_ message: String) -> Bool { texts[message] != nil }
}
