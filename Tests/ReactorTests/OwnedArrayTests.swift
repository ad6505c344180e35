import TestSupport
import Testing

@testable import Reactor

@Suite struct OwnedArrayTests {
    @Test func `it behaves like an array`() {
        var random = SplitMix64(seed: 1)
        var owned = OwnedArray<UInt32>()
        var array: [UInt32] = []
        for number in 0..<2_000 as Range<UInt32> {
            switch Int.random(in: 0..<8, using: &random) {
            case 0 where !array.isEmpty:
                let last = owned.removeLast()
                #expect(last == array.removeLast())
            case 1 where !array.isEmpty:
                let index = Int.random(in: array.indices, using: &random)
                owned[index] &+= number
                array[index] &+= number
            default:
                owned.append(number)
                array.append(number)
            }
            let (count, isEmpty) = (owned.count, owned.isEmpty)
            #expect(count == array.count)
            #expect(isEmpty == array.isEmpty)
        }
        for index in array.indices {
            let element = owned[index]
            #expect(element == array[index])
        }
    }

    @Test func `it starts with the same value everywhere`() {
        let owned = OwnedArray<UInt16>(repeating: 7, count: 5)
        for index in 0..<5 {
            let element = owned[index]
            #expect(element == 7)
        }
    }
}
