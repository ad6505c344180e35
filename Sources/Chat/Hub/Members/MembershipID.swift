/// The number of a ``Membership`` while it exists. Numbers are reused.
public struct MembershipID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable public var index: Int { Int(rawValue) }

    static let none = MembershipID(rawValue: .max)
}
