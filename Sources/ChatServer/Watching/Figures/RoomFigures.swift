internal import Chat

/// All rooms, for those that watch the server.
struct RoomFigures {
    /// The smallest number of members in each class of rooms.
    static let classes = [1, 2, 10, 100, 1_000, 10_000]

    /// The rooms with the most members, the largest one first.
    private(set) var largest: [RoomFigure] = []
    /// The rooms with the most lines a second, the busiest one first. Rooms without lines aren't
    /// here.
    private(set) var busiest: [RoomFigure] = []
    /// The members that are behind by the most lines, among those that were looked at.
    private(set) var laggards: [LaggardFigure] = []
    /// Rooms by the number of their members, for each of ``classes``.
    private(set) var counts = [Int](repeating: 0, count: classes.count)
    /// Members that are fed at their own pace.
    private(set) var behind = 0

    /// The values of the label for ``classes``: `1`, `2-9` … `10000+`.
    static var classNames: [String] {
        classes.indices.map { place in
            guard place + 1 < classes.count else { return "\(classes[place])+" }
            let last = classes[place + 1] - 1
            return last == classes[place] ? "\(last)" : "\(classes[place])-\(last)"
        }
    }

    mutating func add(_ room: RoomFigure) {
        if let place = Self.classes.lastIndex(where: { $0 <= room.members }) { counts[place] += 1 }
        behind += room.behind
        Self.add(room, to: &largest) { $0.members > $1.members }
        guard room.linesPerSecond > 0 else { return }
        Self.add(room, to: &busiest) { $0.linesPerSecond > $1.linesPerSecond }
    }

    mutating func add(_ laggard: LaggardFigure) {
        Self.add(laggard, to: &laggards) { $0.lines > $1.lines }
    }

    /// Puts an element in its place, if the list has room for it or ends with a lesser one.
    private static func add<Element>(
        _ element: Element, to list: inout [Element], by isGreater: (Element, Element) -> Bool
    ) {
        if list.count == RoomSurvey.listed {
            guard let last = list.last, isGreater(element, last) else { return }
            list.removeLast()
        }
        let place = list.firstIndex { isGreater(element, $0) } ?? list.endIndex
        list.insert(element, at: place)
    }
}
