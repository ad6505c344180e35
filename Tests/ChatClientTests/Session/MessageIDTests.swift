import ChatClient
import TestSupport
import Testing

@Suite struct MessageIDTests {
    @Test func `an id is a random UUID`() throws {
        var random = SplitMix64(seed: 3)
        let ids = (0..<1_000).map { _ in MessageID.make(using: &random) }
        #expect(Set(ids).count == ids.count)
        for id in ids {
            let form = try Regex(
                "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
            #expect(id.wholeMatch(of: form) != nil, "\(id)")
        }
    }
}
