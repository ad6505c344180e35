/// A generator whose sequence is determined by its seed (Steele, Lea and Flood, "Fast Splittable
/// Pseudorandom Number Generators", 2014). So a seed gives the same test on every machine.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    package mutating func next32() -> UInt32 {
        UInt32(truncatingIfNeeded: next())
    }

    /// A number in the range.
    package mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    /// True with this probability in thousandths.
    package mutating func happens(_ perThousand: Int) -> Bool {
        perThousand > 0 && number(in: 1...1_000) <= perThousand
    }

    /// One of `choices`, which must not be empty.
    package mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[number(in: 0...choices.count - 1)]
    }
}
