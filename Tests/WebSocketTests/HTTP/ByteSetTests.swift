import Testing

@testable import WebSocket

@Suite struct ByteSetTests {
    private static let alphanumeric =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let visible = String(
        decoding: (UInt8(0x21)...0x7E).filter { $0 != UInt8(ascii: "#") }, as: UTF8.self)

    private func end(of set: ByteSet, in bytes: [UInt8]) -> Int {
        set.end(in: bytes.span)
    }

    /// The table has the bytes that the grammars list.
    @Test(arguments: [
        (ByteSet.token, alphanumeric + "!#$%&'*+-.^_`|~"),
        (.registeredName, alphanumeric + "-._~!$&'()*+,;="),
        (.base64, alphanumeric + "+/"),
        (.target, visible),
        (.path, visible.filter { $0 != "?" }),
    ])
    func `each set holds the bytes of its grammar`(set: ByteSet, members: String) {
        for byte in UInt8.min...UInt8.max {
            let isMember = members.utf8.contains(byte)
            #expect(set.contains(byte) == isMember)
            #expect(end(of: set, in: [0x61, byte]) == (isMember ? 2 : 1))
        }
        #expect(end(of: set, in: []) == 0)
    }
}
