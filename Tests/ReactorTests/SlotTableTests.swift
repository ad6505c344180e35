import Reactor
import TestSupport
import Testing

@Suite struct SlotTableTests {
    private struct Item: Slot, ~Copyable {
        var value: Int

        static func vacant() -> Item { Item(value: -1) }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `it behaves like a dictionary of tokens`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = SlotTable<Item>(capacity: 20)
        var model: [Token: Int] = [:]
        var gone: [Token] = []
        for number in 0..<1_000 {
            if Bool.random(using: &random) {
                let token = table.insert(Item(value: number))
                #expect((token == nil) == (model.count == table.capacity))
                if let token {
                    #expect(model[token] == nil)
                    model[token] = number
                }
            } else if let token = model.keys.min(by: { $0.rawValue < $1.rawValue }) {
                let removed = table.remove(at: token.index)
                #expect(removed.value == model[token])
                model[token] = nil
                gone.append(token)
            }
            #expect(table.count == model.count)
            for (token, value) in model {
                let isThere = table.contains(token) && table.isUsed(token.index)
                #expect(isThere)
                let (same, found) = (table.token(at: token.index), table[token.index].value)
                #expect(same == token)
                #expect(found == value)
            }
            for token in gone.suffix(50) {
                let isThere = table.contains(token)
                #expect(!isThere)
            }
        }
    }

    @Test func `a freed slot is reused with another generation`() throws {
        var table = SlotTable<Item>(capacity: 2)
        let tokens = [table.insert(Item(value: 1)), table.insert(Item(value: 2))]
        let surplus = table.insert(Item(value: 3))
        #expect(surplus == nil)
        let first = try #require(tokens[0])
        let removed = table.remove(at: first.index)
        #expect(removed.value == 1)
        let isThere = table.contains(first) || table.isUsed(first.index)
        #expect(!isThere)
        let next = table.insert(Item(value: 4))
        #expect(next?.index == first.index)
        #expect(next?.generation != first.generation)
        let end = table.endIndex
        #expect(end == 2)
    }

    @Test(arguments: [
        Token.signals, .listener(0), Token(index: 3, generation: 1), Token(index: 0, generation: 2),
    ])
    func `a token that was never issued isn't contained`(token: Token) {
        var table = SlotTable<Item>(capacity: 4)
        _ = table.insert(Item(value: 1))
        let isThere = table.contains(token)
        #expect(!isThere)
    }

    @Test func `an element can be changed in place`() {
        var table = SlotTable<Item>(capacity: 1)
        _ = table.insert(Item(value: 1))
        table[0].value += 41
        let value = table[0].value
        #expect(value == 42)
    }
}
