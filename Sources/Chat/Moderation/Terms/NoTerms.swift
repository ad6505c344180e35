/// A book of a program without filters. It says nothing about any text.
public struct NoTerms: TermBook {
    public init() {}

    public var count: Int { 0 }
    public var bytes: Int { 0 }
    public var terms: [Term] { [] }
    public subscript(text: String) -> Term? { nil }

    public func changed(by order: TermsOrder) throws(Refusal) -> any TermBook {
        throw Refusal(.forbidden, "This server has no filters.")
    }

    public func read(
        _ text: String, _ questions: LineQuestions, room: (any TermBook)?
    ) -> LineReading { LineReading() }
}
