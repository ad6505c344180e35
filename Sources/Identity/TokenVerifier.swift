/// Verifies tokens somewhere else than on the caller's thread.
///
/// Neither call ever waits. When the first answer arrives in an empty mailbox, the verifier wakes
/// the caller, which takes all of them. Answers may come in any order.
public protocol TokenVerifier: AnyObject, Sendable {
    func verify(_ request: TokenRequest)

    /// Moves the answers that have arrived since the last call to the end of `answers`.
    func takeAnswers(into answers: inout [TokenAnswer])
}
