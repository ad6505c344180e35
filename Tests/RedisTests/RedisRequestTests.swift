import Redis
import Testing

@Suite struct RedisRequestTests {
    @Test func `a request is an array of strings`() {
        var request = RedisRequest("SET", "k\r\n")
        request.append([0, 255])
        request.append(-12)
        request.append("")
        var bytes: [UInt8] = []
        request.encode(into: &bytes)
        let expected =
            Array("*5\r\n$3\r\nSET\r\n$3\r\nk\r\n\r\n$2\r\n".utf8) + [0, 255]
            + Array("\r\n$3\r\n-12\r\n$0\r\n\r\n".utf8)
        #expect(bytes == expected)
    }

    @Test func `a value gives what it is`() {
        #expect(RedisValue.string(Array("12".utf8)).number == 12)
        #expect(RedisValue.integer(-3).number == -3)
        #expect(RedisValue.string([0x61]).text == "a")
        #expect(RedisValue.status("OK").text == "OK")
        #expect(RedisValue.array([.null]).elements == [.null])
        #expect(RedisValue.error("ERR").text == nil)
        #expect(RedisValue.null.number == nil)
    }
}
