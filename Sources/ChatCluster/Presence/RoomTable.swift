internal import Chat

/// Values of rooms, in an order that only the calls determine.
struct RoomTable<Value> {
    private var seats: [RoomName: (value: Value, place: Int)] = [:]
    private(set) var names: [RoomName] = []

    subscript(name: RoomName) -> Value? { seats[name]?.value }

    /// Adds a room, which must not be there yet.
    mutating func add(_ name: RoomName, _ value: Value) {
        seats[name] = (value, names.count)
        names.append(name)
    }

    /// Changes the value of a room. Nil if it isn't there.
    @discardableResult
    mutating func update<Result>(_ name: RoomName, _ body: (inout Value) -> Result) -> Result? {
        guard seats[name] != nil else { return nil }
        return body(&seats[name]!.value)
    }

    mutating func remove(_ name: RoomName) {
        guard let seat = seats.removeValue(forKey: name) else { return }
        let last = names.removeLast()
        guard seat.place < names.count else { return }
        names[seat.place] = last
        seats[last]?.place = seat.place
    }
}
