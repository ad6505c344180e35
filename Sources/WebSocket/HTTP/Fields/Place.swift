/// Where something stands in a head: a third of the memory that an optional range takes.
struct Place: Equatable, Sendable {
    private var start: UInt32 = 0
    /// 0 where there is nothing: all that is in a head ends behind its first byte.
    private var end: UInt32 = 0

    static let none = Place()

    private init() {}

    init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        end = UInt32(range.upperBound)
    }

    var isNone: Bool { end == 0 }

    var range: Range<Int>? {
        isNone ? nil : Int(start)..<Int(end)
    }
}
