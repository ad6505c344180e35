/// A room for as long as its numbers have one meaning.
final class RoomLife {
    let room: String
    private(set) var lines: [UInt64: ChatEvent] = [:]
    /// The highest known number.
    private(set) var last: UInt64 = 0
    private(set) var epoch: String?
    /// The life that this one turned out to be a part of.
    private var rest: RoomLife?

    init(room: String, epoch: String? = nil) {
        (self.room, self.epoch) = (room, epoch)
    }

    /// This life, or the one that it turned out to be a part of.
    var whole: RoomLife {
        var life = self
        while let rest = life.rest { life = rest }
        return life
    }

    /// A line was received. Returns the line received earlier under the same number, if any.
    func insert(_ line: ChatEvent, _ seq: UInt64) -> ChatEvent? {
        defer { lines[seq] = line }
        last = max(last, seq)
        return lines[seq]
    }

    /// Removes the lines with a greater number, and returns them.
    func forget(behind end: UInt64) -> [ChatEvent] {
        let forgotten = lines.filter { $0.key > end }
        for seq in forgotten.keys { lines[seq] = nil }
        last = min(last, end)
        return Array(forgotten.values)
    }

    /// This is a part of another life, which has all of its lines.
    func turnedOut(toBePartOf other: RoomLife) {
        other.epoch = other.epoch ?? epoch
        rest = other
    }
}
