import Testing
import WebSocket

@Suite struct ExtensionListTests {
    /// RFC 6455 §9.1 ends the handshake, whether extensions are supported or not.
    @Test(arguments: [
        "", " ", ",", ";", "=", "a b", "a;", "a; ;b", "a=b", "a; b=", "a; b=,", "a; =c", "a; b c",
        "a; b=c d", "a; b=\"", "a; b=\"c", "a; b=\"\"", "a; b=\"c d\"", "a; b=\"c,d\"",
        "a; b=\"c\\\"", "a; b=\"c\\", "a; b=\"\\\\\"", "a; b=\"\\\"\"", "a; b=\"c\"d", "a; b==c",
        "(a)", "a/b", "permessage-deflate; server_max_window_bits=@",
        "permessage-deflate, ;", "permessage-deflate, a; b=\"", "é",
    ])
    func `a malformed list of extensions is rejected`(value: String) {
        for policy in [nil, DeflatePolicy()] {
            #expect(throws: HandshakeRefusal.self) { try policyAnswer([value], policy: policy) }
        }
        #expect { try policyAnswer(["permessage-deflate", value + ";"]) } throws: { error in
            (error as? HandshakeRefusal)?.status == .badRequest
        }
    }

    @Test(arguments: [
        "a", "a, b", "a;b", "a ; b = c , d", "a;b=\"c\"", "a;b=\"\\c\\d\"", "a;b;b;b=1;b=2",
        ",a,,b,", "!#$%&'*+-.^_`|~;!#$%&'*+-.^_`|~=\"!#$%&'*+-.^_`|~\"",
    ])
    func `unknown extensions are skipped`(value: String) throws {
        #expect(try policyAnswer([value]) == nil)
        #expect(try policyAnswer([value, "permessage-deflate"]) == "permessage-deflate")
    }
}
