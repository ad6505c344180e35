/// What a room wants to know of a text.
public struct LineQuestions: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let link = LineQuestions(rawValue: 1)
    public static let digest = LineQuestions(rawValue: 2)
    public static let terms = LineQuestions(rawValue: 4)
}
