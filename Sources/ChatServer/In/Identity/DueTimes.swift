internal import Reactor

/// Times with a connection each, the earliest first. Most connections have none.
struct DueTimes {
    private struct Entry {
        let time: CoarseTime
        let index: Int32
    }

    /// A binary heap: no entry is earlier than the one at half its place.
    private var entries: [Entry] = []

    var count: Int { entries.count }

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    /// The earliest time; never, if there is none.
    @inline(__always)
    var next: CoarseTime { entries.isEmpty ? .never : entries[0].time }

    mutating func add(_ index: Int, at time: CoarseTime) {
        entries.append(Entry(time: time, index: Int32(index)))
        var place = entries.count - 1
        while place > 0, entries[place].time < entries[(place - 1) / 2].time {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes the earliest entry, if its time has come.
    mutating func take(at now: CoarseTime) -> (time: CoarseTime, index: Int)? {
        guard let first = entries.first, first.time <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return (first.time, Int(first.index)) }
        entries[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < entries.count && entries[child].time < entries[least].time {
                least = child
            }
            guard least != place else { break }
            entries.swapAt(place, least)
            place = least
        }
        return (first.time, Int(first.index))
    }
}
