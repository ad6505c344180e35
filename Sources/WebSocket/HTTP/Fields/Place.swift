/// The position of something in a head. It takes a third of the memory of an optional range.
struct Place: Equatable, Sendable {
    private var start: UInt32 = 0
    /// 0 if there is nothing. Everything in a head ends after its first byte.
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
