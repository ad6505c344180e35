import Testing

@testable import WebSocket

@Suite struct KnownFieldTests {
    private static let names: [(KnownField, String)] = [
        (.acceptEncoding, "Accept-Encoding"), (.connection, "Connection"),
        (.contentLength, "Content-Length"), (.expect, "Expect"), (.forwarded, "Forwarded"),
        (.forwardedFor, "X-Forwarded-For"), (.host, "Host"), (.ifNoneMatch, "If-None-Match"),
        (.origin, "Origin"), (.transferEncoding, "Transfer-Encoding"), (.upgrade, "Upgrade"),
        (.webSocketAccept, "Sec-WebSocket-Accept"),
        (.webSocketExtensions, "Sec-WebSocket-Extensions"),
        (.webSocketKey, "Sec-WebSocket-Key"), (.webSocketProtocol, "Sec-WebSocket-Protocol"),
        (.webSocketVersion, "Sec-WebSocket-Version"),
    ]

    private func field(_ name: [UInt8]) -> KnownField? {
        KnownField(name.indices, in: name.span)
    }

    @Test func hasANameForEachField() {
        #expect(Set(Self.names.map(\.0)) == Set(KnownField.allCases))
    }

    @Test(arguments: names)
    func isFoundByItsName(known: KnownField, name: String) {
        for spelling in [name, name.lowercased(), name.uppercased()] {
            #expect(field([UInt8](spelling)) == known)
        }
        let bytes = [UInt8](name)
        for place in bytes.indices {
            for byte in UInt8.min...UInt8.max where byte.lowercased != bytes[place].lowercased {
                var other = bytes
                other[place] = byte
                #expect(field(other) == nil)
            }
        }
        #expect(field(bytes + [0x73]) == nil)
        #expect(field(bytes.dropLast()) == nil)
    }
}
