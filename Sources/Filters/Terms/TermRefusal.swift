/// The reason why a term can't be added. Nothing else of the same change is done either.
public struct TermRefusal: Error, Equatable, Sendable {
    /// One sentence for the moderator: the problem, the limit, the remedy.
    public let reason: String

    static func tooLong(_ count: Int) -> TermRefusal {
        TermRefusal(
            reason: "The term has \(count) characters; at most \(TermLimits.characters) are "
                + "allowed: shorten it.")
    }

    static let noWord = TermRefusal(
        reason: "The term has no letter, digit or emoji: add one, or write a regular expression "
            + "between slashes.")

    static let tooManyWords = TermRefusal(
        reason: "The term has more than \(TermLimits.words) words: shorten it.")

    static let tooManyTerms = TermRefusal(
        reason: "At most \(TermLimits.terms) terms are allowed: remove some first.")

    static let tooManyAlike = TermRefusal(
        reason: "At most \(TermLimits.alike) terms may differ in repeated letters alone: "
            + "remove some first.")

    static let tooManyExpressions = TermRefusal(
        reason: "At most \(TermLimits.expressions) regular expressions are allowed: "
            + "join some with |, or remove some first.")

    /// `problem` is RE2's.
    static func broken(_ problem: String) -> TermRefusal {
        TermRefusal(reason: "The regular expression is broken: \(problem).")
    }

    static let tooLarge = TermRefusal(
        reason: "The regular expression is too large: shorten it, or repeat less in it.")

    static let tooLargeTogether = TermRefusal(
        reason: "The regular expressions are too large together: remove some first.")

    static let meetsEverything = TermRefusal(
        reason: "The regular expression matches an empty text, so it would meet every line: "
            + "narrow it.")
}
