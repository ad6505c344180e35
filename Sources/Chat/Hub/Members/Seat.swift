/// A position in a room, with the member and its membership.
public struct Seat: Hashable, Sendable {
    public let member: MemberID
    public let membership: MembershipID
}
