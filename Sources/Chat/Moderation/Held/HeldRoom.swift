/// The lines that wait in a room, as an orderer has kept them.
public struct HeldRoom: Equatable, Sendable {
    public let name: RoomName
    public let rules: RoomRules
    /// In the order in which they came.
    public let lines: [HeldLine]

    public init(name: RoomName, rules: RoomRules, lines: [HeldLine]) {
        self.name = name
        self.rules = rules
        self.lines = lines
    }
}
