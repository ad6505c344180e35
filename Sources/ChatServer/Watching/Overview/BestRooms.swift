/// The best of many rooms in three orders, found in one pass.
struct BestRooms {
    /// Rooms in each order.
    static let most = 20

    /// Each has the best first.
    private var byMembers: [RoomRanking.Entry] = []
    private var byRate: [RoomRanking.Entry] = []
    private var byBehind: [RoomRanking.Entry] = []

    mutating func offer(_ entry: RoomRanking.Entry) {
        Self.offer(entry, to: &byMembers) { $0.members }
        Self.offer(entry, to: &byRate) { $0.rate }
        Self.offer(entry, to: &byBehind) { $0.behind }
    }

    @inline(__always)
    private static func offer(
        _ entry: RoomRanking.Entry, to best: inout [RoomRanking.Entry],
        by value: (RoomRanking.Entry) -> Int
    ) {
        let mine = value(entry)
        guard mine > 0 else { return }
        if best.count == most {
            guard mine > value(best[most - 1]) else { return }
            best.removeLast()
        }
        best.insert(entry, at: best.firstIndex { value($0) < mine } ?? best.endIndex)
    }

    /// The best in any of the orders, those with most members first.
    var entries: [RoomRanking.Entry] {
        var entries = byMembers
        for entry in byRate + byBehind where !entries.contains(where: { $0.room == entry.room }) {
            entries.append(entry)
        }
        return entries.sorted { $0.members > $1.members }
    }
}
