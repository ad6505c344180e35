package import Identity
internal import Synchronization

/// A verifier that answers when a test says so. Unless a test brings another check, it takes every
/// signature for good, and a token is the base64url of its claims.
package final class SimulatedVerifier: TokenVerifier {
    private struct State {
        var requests: [TokenRequest] = []
        var answers: [TokenAnswer] = []
        var isLate = false
    }

    private let state = Mutex(State())
    package static let keyID: SigningKey.ID = 1
    private let key = SigningKey(id: keyID, name: "key", checks: [:])
    private let check: (@Sendable (TokenRequest) -> TokenAnswer)?

    package init(check: (@Sendable (TokenRequest) -> TokenAnswer)? = nil) {
        self.check = check
    }

    /// A token with these claims, in JSON.
    package static func token(_ claims: String) -> String {
        String(decoding: Base64URL.encode(claims.utf8.span), as: UTF8.self)
    }

    /// The number of tokens that wait for their answer.
    package var count: Int { state.withLock { $0.requests.count } }

    /// Whether the server is to be woken.
    var hasAnswers: Bool { state.withLock { !$0.answers.isEmpty } }

    package func verify(_ request: TokenRequest) {
        state.withLock { state in
            state.requests.append(request)
            if !state.isLate { answer(&state) }
        }
    }

    package func takeAnswers(into answers: inout [TokenAnswer]) {
        state.withLock { state in
            answers += state.answers
            state.answers = []
        }
    }

    /// Leaves tokens without an answer until ``answer()``, or answers at once from now on.
    package func beLate(_ isLate: Bool = true) { state.withLock { $0.isLate = isLate } }

    /// The server has died. Another one gets no answers to its questions.
    func serverDied() { state.withLock { ($0.requests, $0.answers) = ([], []) } }

    /// Answers all that wait.
    package func answer() { state.withLock { answer(&$0) } }

    private func answer(_ state: inout State) {
        for request in state.requests {
            if let check {
                state.answers.append(check(request))
                continue
            }
            let result: Result<Principal, TokenRefusal>
            do throws(TokenRefusal) {
                let json = try Base64URL.decode(request.token.span)
                let claims = try Claims(json.span)
                result = .success(try claims.principal(ClaimRules(), of: key, at: request.now))
            } catch {
                result = .failure(error)
            }
            state.answers.append(TokenAnswer(ticket: request.ticket, result: result))
        }
        state.requests = []
    }
}
