/// The result of entering a room.
public struct Entrance: Equatable, Sendable {
    public let membership: MembershipID
    /// Whether the member gets all lines that it has missed. Nil if it didn't ask to resume.
    public let recovered: Bool?
}
