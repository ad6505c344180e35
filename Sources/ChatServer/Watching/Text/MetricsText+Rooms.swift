internal import Chat

/// What `GET /metrics` says about rooms and their members. No label has the name of a room.
extension MetricsText {
    mutating func writeRooms(_ figures: Figures) {
        let rooms = figures.rooms
        single("hubbub_rooms", .gauge, "Rooms with at least one member.", figures.roomCount)
        levels(
            "hubbub_rooms_by_members", "Rooms by the number of their members.", label: "members",
            Array(zip(RoomFigures.classNames, rooms.counts)))
        single(
            "hubbub_largest_room_members", .gauge, "Members of the largest room.",
            rooms.largest.first?.members ?? 0)
        metric(
            "hubbub_busiest_room_lines_per_second", .gauge,
            "Lines of the busiest room between the last two surveys, by the time between them.")
        sample(
            "hubbub_busiest_room_lines_per_second", [],
            "\(rooms.busiest.first?.linesPerSecond ?? 0)")
        single(
            "hubbub_laggards", .gauge, "Connections whose socket takes no bytes now.",
            figures.connections.laggards)
        single(
            "hubbub_laggards_closed_total", .counter, "Connections closed for being too slow.",
            figures.counts.laggardsClosed)
        single(
            "hubbub_members_behind", .gauge,
            "Memberships that are fed from logs or the store, at their own pace.", rooms.behind)
        single(
            "hubbub_furthest_behind_lines", .gauge,
            "Lines that one of them has yet to get, at most, among the first 1 024 of them.",
            rooms.laggards.first?.lines ?? 0)
    }
}
