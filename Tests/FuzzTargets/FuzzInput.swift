internal import TestSupport

/// Input that is consumed from the front: choices first, then the bytes for them. A choice after
/// the end is 0, so that every input is valid.
struct FuzzInput {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The bytes that weren't taken.
    var rest: [UInt8] { Array(bytes[position...]) }

    mutating func byte() -> UInt8 {
        guard !isAtEnd else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int(byte()) % choices.count]
    }

    /// Takes at most `count` bytes.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(position + count, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }

    /// A generator seeded by the next two bytes, for many small choices.
    mutating func generator() -> SplitMix64 {
        SplitMix64(seed: UInt64(byte()) << 8 | UInt64(byte()))
    }
}

extension SplitMix64 {
    /// A random cut of `count` bytes: the ends of the pieces, the last one being `count`.
    mutating func cuts(of count: Int) -> [Int] {
        let largest = pick([1, 3, 20, 1_000])
        var ends: [Int] = []
        var end = 0
        while end < count {
            end = min(end + number(in: 1...largest), count)
            ends.append(end)
        }
        return ends
    }
}
