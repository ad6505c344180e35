import Identity
import Reactor
import TestSupport
import Testing

@testable import ChatServer

@Suite struct HoldersTests {
    private static func holder(_ number: Int) -> Principal {
        let text = String(repeating: "é\(number)", count: number % 9 + 1)
        return Principal(
            sub: "s\(text)", name: number % 3 == 0 ? nil : "n\(text)",
            rights: Rights(role: number % 2 == 0 ? .member : .owner), expiry: 5_000,
            issuedAt: Int64(number), jti: number % 4 == 0 ? nil : "j\(text)", key: number % 7)
    }

    @Test func `whoever comes and goes, each connection has its own holder`() {
        var random = SplitMix64(seed: 11)
        var holders = Holders()
        var model: [Int: Principal] = [:]
        let now = Instant(nanoseconds: 1_000_000_000)
        for number in 0..<30_000 {
            let index = random.number(in: 0...200)
            if random.number(in: 0...2) == 0 {
                holders.remove(index)
                model[index] = nil
            } else {
                let holder = Self.holder(number)
                holders.hold(index, holder, until: 3_000, lead: 4, due: .never)
                model[index] = holder
            }
            guard number.isMultiple(of: 500) else { continue }
            #expect(holders.count == model.count)
            #expect(holders.indices == model.keys.sorted())
            for (index, holder) in model {
                let record = holders[index]
                #expect(record.map { holders.principal($0, at: now, wall: 3_000) } == holder)
                #expect(record?.isHolder == true && record?.next == 2_000)
            }
        }
    }

    @Test func `the connections of a user are found by the bytes of its name`() {
        var holders = Holders()
        let subs = ["é", "e\u{301}", "u", "uu", "é", "u"]
        for (index, sub) in subs.enumerated() {
            let holder = Principal(
                sub: sub, name: nil, rights: Rights(role: .member), expiry: 1, jti: "u")
            holders.hold(index * 2, holder, until: 1, lead: 0, due: .never)
        }
        holders.expect(1, until: 9)
        #expect(holders.connections(of: "é") == [0, 8])
        #expect(holders.connections(of: "u") == [4, 10])
        holders.remove(4)
        #expect(holders.connections(of: "u") == [10])
        #expect(holders.connections(of: "") == [] && holders.connections(of: "x") == [])
    }

    @Test func `somebody who has yet to say who it is is no holder`() {
        var holders = Holders()
        holders.expect(3, until: 9)
        #expect(holders[3]?.isHolder == false)
        #expect(holders[2] == nil && holders[4] == nil)
        holders.remove(3)
        #expect(holders.count == 0 && holders[3] == nil)
    }

    @Test func `a record has 56 bytes`() {
        #expect(MemoryLayout<Holders.Record>.stride == 56)
    }
}
