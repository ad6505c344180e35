/// Asks somebody outside of the server about lines before they are said. It works on other threads,
/// and wakes the server when an answer arrives. Neither call waits.
public protocol LineChecker: AnyObject, Sendable {
    /// Each request gets one answer, within a bounded time.
    func submit(_ request: CheckRequest)

    /// Moves the answers that have arrived since the last call to the end of `answers`.
    func takeAnswers(into answers: inout [CheckAnswer])
}
