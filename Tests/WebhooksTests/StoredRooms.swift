import Chat

@testable import Webhooks

/// Rooms as a store has them, and the places of followers.
final class StoredRooms: WebhookSource {
    private struct Room {
        var lines: [Line] = []
        var oldest: UInt64 = 1
        var changes: [ChangeRecord] = []
    }

    /// A failure of the disk.
    struct Failure: Error {}

    private var rooms: [RoomName: Room] = [:]
    private(set) var states: [String: FollowerState] = [:]
    var isFailing = false
    var epoch = "e1"
    /// The last numbers that hold for the cursors of earlier epochs.
    var ends: [RoomName: UInt64] = [:]

    func say(_ text: String, in room: RoomName, at time: Int64) {
        let seq = UInt64(rooms[room, default: Room()].lines.count) + 1
        rooms[room, default: Room()].lines.append(
            Line(
                seq: seq, time: Timestamp(milliseconds: time), username: "ann", message: text))
    }

    func delete(_ seq: UInt64, in room: RoomName, at time: Int64) {
        guard var found = rooms[room] else { return }
        let place = Int(seq) - 1
        found.lines[place] = found.lines[place].deleted
        let change = RoomChange(
            rev: UInt64(found.changes.count) + 1, after: UInt64(found.lines.count),
            time: Timestamp(milliseconds: time), kind: .deleted(seqs: [seq]))
        found.changes.append(ChangeRecord(change, action: "delete", by: "u1", note: ""))
        rooms[room] = found
    }

    func prune(_ room: RoomName, before oldest: UInt64) { rooms[room]?.oldest = oldest }

    /// The newest lines are lost, and an epoch begins.
    func lose(_ room: RoomName, behind last: UInt64) {
        let lines = rooms[room]?.lines ?? []
        rooms[room]?.lines = Array(lines.prefix(Int(last)))
        ends[room] = last
        epoch += "x"
    }

    func heads(of names: [RoomName]?) throws -> (epoch: String, heads: [RoomHead]) {
        if isFailing { throw Failure() }
        let found = rooms.sorted { $0.key.text < $1.key.text }
        return (
            epoch,
            found.filter { names?.contains($0.key) ?? true }.map { name, room in
                RoomHead(
                    name, oldest: room.oldest,
                    last: RoomCursor(
                        seq: UInt64(room.lines.count), rev: UInt64(room.changes.count)))
            }
        )
    }

    func adjusted(
        _ cursors: [RoomName: RoomCursor], of epoch: String
    ) throws -> [RoomName: RoomCursor] {
        var adjusted = cursors
        for (room, end) in ends { adjusted[room]?.seq = min(cursors[room]?.seq ?? 0, end) }
        return adjusted
    }

    func page(of room: RoomName, from: UInt64, through: UInt64) throws -> RoomPage {
        let found = rooms[room] ?? Room()
        let lines = found.lines.filter { max(from, found.oldest)...through ~= $0.seq }
            .prefix(RoomPage.lineLimit)
        return RoomPage(
            lines: Array(lines), through: lines.last?.seq ?? through, oldest: found.oldest)
    }

    func changes(
        of room: RoomName, after rev: UInt64, atMost limit: Int
    ) throws -> [ChangeRecord] {
        Array((rooms[room]?.changes ?? []).filter { $0.change.rev > rev }.prefix(limit))
    }

    func last(
        of room: RoomName, behind cursor: RoomCursor, before time: Timestamp
    ) throws -> RoomCursor {
        let lines = rooms[room]?.lines ?? []
        let changes = rooms[room]?.changes ?? []
        return RoomCursor(
            seq: max(lines.last { $0.time < time }?.seq ?? 0, cursor.seq),
            rev: max(changes.last { $0.change.time < time }?.change.rev ?? 0, cursor.rev))
    }

    func save(_ state: FollowerState, of webhook: String) throws {
        if isFailing { throw Failure() }
        var known = states[webhook] ?? FollowerState()
        known.epoch = state.epoch
        known.failingSince = state.failingSince
        known.cursors.merge(state.cursors) { $1 }
        states[webhook] = known
    }
}
