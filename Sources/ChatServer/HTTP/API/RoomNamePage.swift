internal import Chat

/// The first names of rooms after one, in the order of their bytes. It keeps no more than it shows,
/// however many rooms there are.
struct RoomNamePage {
    private let after: String
    private let limit: Int
    private var sorted: [String] = []
    private(set) var hasMore = false

    init(after: String, limit: Int) {
        (self.after, self.limit) = (after, limit)
        sorted.reserveCapacity(limit + 1)
    }

    var names: [RoomName] { sorted.compactMap { RoomName($0) } }

    mutating func add(_ name: RoomName) {
        let text = name.text
        guard text > after else { return }
        if sorted.count == limit, let last = sorted.last, text > last {
            hasMore = true
            return
        }
        let place = sorted.partitioningIndex { $0 > text }
        sorted.insert(text, at: place)
        guard sorted.count > limit else { return }
        sorted.removeLast()
        hasMore = true
    }
}

extension [String] {
    /// The first place whose element, and all after it, satisfy the condition.
    fileprivate func partitioningIndex(_ belongs: (String) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
