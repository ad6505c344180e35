/// A participant: one connection. The caller chooses the number, small and dense, like the index of
/// a slot table.
public struct MemberID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public init(index: Int) {
        rawValue = UInt32(index)
    }

    @inlinable public var index: Int { Int(rawValue) }
}
