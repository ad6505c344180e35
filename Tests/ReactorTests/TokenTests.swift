import Reactor
import Testing

@Suite struct TokenTests {
    @Test(arguments: [0, 1, 1_000_000, Int(UInt32.max)], [1, 2, UInt32.max] as [UInt32])
    func `a token carries an index and a generation`(index: Int, generation: UInt32) {
        let token = Token(index: index, generation: generation)
        #expect(token.index == index)
        #expect(token.generation == generation)
        #expect(Token(rawValue: token.rawValue) == token)
        #expect(token.listener == nil)
    }

    @Test func `signals and listeners aren't slots`() {
        #expect(Token.signals.listener == nil)
        #expect((0..<4).map { Token.listener($0).listener } == [0, 1, 2, 3])
        #expect((0..<4).allSatisfy { Token.listener($0) != .signals })
        #expect((0..<4).allSatisfy { Token.listener($0).generation == 0 })
    }
}
