/// What has become of a request to a webhook.
public enum WebhookOutcome: Equatable, Sendable {
    /// The receiver has taken it.
    case delivered
    /// The receiver wants no more (410).
    case gone
    /// It is to be tried again.
    case failed

    /// The outcome of an answer with this status. A redirection isn't followed: it fails.
    public init(status: Int) {
        switch status {
        case 200..<300: self = .delivered
        case 410: self = .gone
        default: self = .failed
        }
    }
}
