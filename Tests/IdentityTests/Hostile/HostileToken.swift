import Identity
import Testing

/// A token that must be refused, and the reason for the log.
struct HostileToken: Sendable, CustomTestStringConvertible {
    let what: String
    let token: [UInt8]
    let refusal: TokenRefusal

    init(_ what: String, _ refusal: TokenRefusal, _ token: [UInt8]) {
        self.what = what
        self.token = token
        self.refusal = refusal
    }

    init(_ what: String, _ refusal: TokenRefusal, _ forge: Forge) {
        self.init(what, refusal, forge.token)
    }

    var testDescription: String { what }

    static let all = headers + signatures + texts + claims
}
