import Testing

@testable import Webhooks

@Suite struct WebhookSecretTests {
    /// The example of the specification's test suite.
    @Test func `signatures are those of Standard Webhooks`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            of: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(
        arguments: [
            "", "whsec_", "whsec_MDEy", "whsec_???", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
            "whsec_" + String(repeating: "MDEy", count: 22),
        ])
    func `it is no secret`(text: String) {
        #expect(WebhookSecret(text) == nil)
    }
}
