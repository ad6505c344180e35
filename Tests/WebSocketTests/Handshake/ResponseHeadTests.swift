import Testing
import WebSocket

@Suite struct ResponseHeadTests {
    private func written(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a head is written`() {
        let head = ResponseHead(
            .ok, contentType: "text/html", contentLength: 12, keepsAlive: true,
            fields: [ResponseHead.Field("Cache-Control", "no-cache")])
        #expect(
            written { head.write(into: &$0) }
                == "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n"
                + "Cache-Control: no-cache\r\n\r\n")
    }

    @Test(arguments: [0, 9, 10, 409, 65_536, Int.max])
    func `lengths are written in decimal, and ready lines before fields`(length: Int) {
        let head = ResponseHead(
            .created, contentLength: length, keepsAlive: true, lines: Array("A: b\r\n".utf8),
            fields: [ResponseHead.Field("C", "d")])
        #expect(
            written { head.write(into: &$0) }
                == "HTTP/1.1 201 Created\r\nContent-Length: \(length)\r\nA: b\r\nC: d\r\n\r\n")
    }

    @Test func `a reason is written as content`() {
        #expect(
            written {
                ResponseHead.write(.badRequest, text: "Nö.", keepsAlive: false, into: &$0)
            }
                == "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: 5\r\nConnection: close\r\n\r\nNö.\n")
    }

    @Test func `a response to HEAD announces content without sending it`() {
        let text = written {
            ResponseHead.write(.ok, text: "ok", keepsAlive: true, isHead: true, into: &$0)
        }
        #expect(text.contains("Content-Length: 3\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }
}
