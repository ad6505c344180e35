/// A place in a room: who sits there, and with which membership.
public struct Seat: Hashable, Sendable {
    public let member: MemberID
    public let membership: MembershipID
}
