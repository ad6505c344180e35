internal import TestSupport

/// Input that is taken apart from the front: choices first, then the bytes they are about. A
/// choice past the end is 0, so that every input means something.
struct FuzzInput {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// What wasn't taken yet.
    var rest: [UInt8] { Array(bytes[position...]) }

    mutating func byte() -> UInt8 {
        guard !isAtEnd else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int(byte()) % choices.count]
    }

    /// At most `count` bytes.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(position + count, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }

    /// A generator that follows from the next two bytes: for what needs many small choices.
    mutating func generator() -> SplitMix64 {
        SplitMix64(seed: UInt64(byte()) << 8 | UInt64(byte()))
    }
}

extension SplitMix64 {
    /// Where `count` bytes are cut: the ends of the pieces, the last one `count`.
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
