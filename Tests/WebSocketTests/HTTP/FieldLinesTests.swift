import TestSupport
import Testing
import WebSocket

@Suite struct FieldLinesTests {
    /// All lines of a field come back in order, whatever is between them.
    @Test(arguments: 0...12) func `all lines of a field are found in order`(count: Int) throws {
        var generator = SplitMix64(seed: UInt64(count))
        let values = (0..<count).map { "  for=10.0.0.\($0)\t" }
        var lines = values.map {
            (["Forwarded", "forwarded"].randomElement(using: &generator)!, $0)
        }
        for _ in 0..<8 {
            let place = Int.random(in: 0...lines.count, using: &generator)
            let name = ["X-Forwarded-For", "Forwardes", "A"].randomElement(using: &generator)!
            lines.insert((name, " forwarded:x\t\t"), at: place)
        }
        let fields = lines.map { "\($0.0):\($0.1)" }.joined(separator: "\r\n")
        let bytes = [UInt8](getRequest(fields) + "Forwarded: behind\r\n\r\n")
        let parsed = try parse(pieces: [bytes[...]])
        let head = try #require(parsed)
        #expect(head.forwarded.count == count)
        #expect(head.forwarded.isEmpty == (count == 0))
        #expect(bytes.texts(head.forwarded) == (0..<count).map { "for=10.0.0.\($0)" })
    }

    @Test func `a line may have an empty value`() throws {
        let (head, bytes) = try headWith("X-Forwarded-For", ["", "a", "", " \t", "b"])
        #expect(bytes.texts(head.forwardedFor) == ["", "a", "", "", "b"])
    }
}
