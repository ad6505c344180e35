import Testing

@Suite struct StormTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func `no line is missing or repeated, and each line is acknowledged once`(
        seed: UInt64
    ) {
        var storm = Storm(seed: seed, losesLines: false)
        let isAtRest = storm.run(steps: 600)
        #expect(isAtRest, "seed \(seed): not everybody has come to rest")
        check(storm, seed)
        let haveGaps = storm.users.contains { !$0.gaps.isEmpty }
        #expect(!haveGaps, "seed \(seed)")
    }

    @Test(arguments: 1_000..<1_300 as Range<UInt64>)
    func `lines in a gap are reported in their place and fetched`(seed: UInt64) {
        var storm = Storm(seed: seed, losesLines: true)
        let isAtRest = storm.run(steps: 600)
        #expect(isAtRest, "seed \(seed): not everybody has come to rest")
        check(storm, seed)
    }

    /// Checks that storms do what they are meant to do.
    @Test func `storms break connections and make gaps that are fetched`() {
        var lost = 0
        for seed in 1_000..<1_020 as Range<UInt64> {
            var storm = Storm(seed: seed, losesLines: true)
            let isAtRest = storm.run(steps: 600)
            #expect(isAtRest)
            lost += storm.users.map(\.recalled.count).reduce(0, +)
            #expect(storm.server.lines.count > 50)
        }
        #expect(lost > 50)
    }

    private func check(_ storm: Storm, _ seed: UInt64) {
        let log = storm.server.lines.map(\.text)
        for (number, user) in storm.users.enumerated() {
            let name = "seed \(seed), user \(number)"
            #expect(user.problems.isEmpty, "\(name): \(user.problems)")
            // All lines since it came, in one order.
            let numbers = user.seen.map(\.seq)
            if let first = numbers.first {
                #expect(numbers == Array(first...UInt64(log.count)), "\(name)")
            } else {
                #expect(log.isEmpty, "\(name)")
            }
            let texts = user.seen.filter { $0.text != nil }.map { (log[Int($0.seq) - 1], $0.text) }
            let textsAreRight = texts.allSatisfy { $0 == $1 }
            #expect(textsAreRight, "\(name)")
            #expect(Set(user.recalled.keys) == user.gaps, "\(name)")
            let areRecalled = user.recalled.allSatisfy { log[Int($0.key) - 1] == $0.value }
            #expect(areRecalled, "\(name)")
            // Its own lines, once each and in order.
            let own = log.filter { $0.hasPrefix("\(number)/") }
            #expect(own == user.said, "\(name)")
            #expect(user.acknowledgements == user.said.count, "\(name)")
            let numbersAreRight = user.acknowledged.allSatisfy { log[Int($0.value) - 1] == $0.key }
            #expect(numbersAreRight, "\(name)")
        }
    }
}
