import Testing
import WebSocket

@testable import ChatServer

@Suite struct ContextsTests {
    private static let plain = DeflateParameters()
    private static let forgetting = DeflateParameters(clientNoContextTakeover: true)
    private static let whole = DeflateParameters.contextBytes(windowBits: 15)

    private func contexts(
        _ compressionBudget: Int, bufferBudget: Int = 1 << 30
    ) -> Contexts {
        var limits = Limits()
        (limits.compressionBudget, limits.bufferBudget) = (compressionBudget, bufferBudget)
        return Contexts(limits: limits)
    }

    @Test func `a promise is for a whole window, and ends with it`() {
        var contexts = contexts(100_000)
        #expect(contexts.free == 100_000)
        contexts.promised(windowBits: 15)
        contexts.promised(windowBits: 0)
        #expect(contexts.free == 100_000 - Self.whole)
        contexts.changed(from: 0, to: 500)
        contexts.changed(from: 500, to: 700)
        #expect((contexts.bytes, contexts.count) == (700, 1))
        contexts.ended(windowBits: 15, bytes: 700)
        contexts.ended(windowBits: 0, bytes: 0)
        #expect((contexts.bytes, contexts.count, contexts.free) == (0, 0, 100_000))
    }

    @Test func `no more than half of the buffer budget is promised`() {
        #expect(contexts(100_000, bufferBudget: 150_000).free == 75_000)
        #expect(contexts(100_000, bufferBudget: 200_000).free == 100_000)
        #expect(contexts(0).free == 0)
    }

    @Test func `a client that keeps its context has one, whatever is left`() {
        let contexts = contexts(0)
        #expect(contexts.windowBits(for: Self.plain) == 15)
        #expect(contexts.windowBits(for: DeflateParameters(clientMaxWindowBits: 10)) == 10)
    }

    @Test func `a client that promises no context has one in the first half of the budget`() {
        var contexts = contexts(4 * Self.whole)
        for _ in 0..<2 {
            #expect(contexts.windowBits(for: Self.forgetting) == 15)
            contexts.promised(windowBits: 15)
        }
        #expect(contexts.windowBits(for: Self.forgetting) == 0)
        contexts.ended(windowBits: 15, bytes: 0)
        #expect(contexts.windowBits(for: Self.forgetting) == 15)
    }
}
