import Testing

@testable import WebSocket

@Suite struct KnownFieldTests {
    private static let names: [(KnownField, String)] = [
        (.acceptEncoding, "Accept-Encoding"), (.authorization, "Authorization"),
        (.connection, "Connection"), (.contentEncoding, "Content-Encoding"),
        (.contentLength, "Content-Length"), (.contentType, "Content-Type"), (.expect, "Expect"),
        (.forwarded, "Forwarded"), (.forwardedFor, "X-Forwarded-For"), (.host, "Host"),
        (.idempotencyKey, "Idempotency-Key"), (.ifNoneMatch, "If-None-Match"),
        (.origin, "Origin"), (.transferEncoding, "Transfer-Encoding"), (.upgrade, "Upgrade"),
        (.webSocketAccept, "Sec-WebSocket-Accept"),
        (.webSocketExtensions, "Sec-WebSocket-Extensions"),
        (.webSocketKey, "Sec-WebSocket-Key"), (.webSocketProtocol, "Sec-WebSocket-Protocol"),
        (.webSocketVersion, "Sec-WebSocket-Version"),
    ]

    private func field(_ line: [UInt8]) -> KnownField? {
        KnownField(line.span)
    }

    @Test func `every field has a name`() {
        #expect(Set(Self.names.map(\.0)) == Set(KnownField.allCases))
        #expect(field([]) == nil)
    }

    @Test(arguments: names)
    func `a field is found by its name in any case`(known: KnownField, name: String) {
        #expect(known.nameBytes == name.utf8.count)
        for spelling in [name, name.lowercased(), name.uppercased()] {
            for value in ["", " ", "x", ": a value that is longer than any name"] {
                #expect(field([UInt8](spelling + ":" + value)) == known)
            }
        }
        let line = [UInt8](name + ":")
        for place in line.indices {
            for byte in UInt8.min...UInt8.max where byte.lowercased != line[place].lowercased {
                var other = line
                other[place] = byte
                #expect(field(other) == nil)
                #expect(field(other + [UInt8](" value")) == nil)
            }
            #expect(field(Array(line[..<place])) == nil)
            #expect(field(line[..<place] + [0x2D] + line[place...]) == nil)
        }
    }
}
