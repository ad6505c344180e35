/// Why a request has no answer: a phrase for the log.
public enum OutgoingProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case privateAddress
    case tooLarge(limit: Int)
    case timedOut(milliseconds: Int)
    case failed(String)

    public var description: String {
        switch self {
        case .privateAddress: "its address isn't a public one"
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .timedOut(let milliseconds): "there was no answer within \(milliseconds) ms"
        case .failed(let reason): reason
        }
    }
}
