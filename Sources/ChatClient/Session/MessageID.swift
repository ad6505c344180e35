/// The `id` of a line, by which the server recognises it: a random UUID (RFC 9562 §5.4).
public enum MessageID {
    /// Makes a new, unique id.
    public static func make(using random: inout some RandomNumberGenerator) -> String {
        let (first, second): (UInt64, UInt64) = (random.next(), random.next())
        let (version, variant): (UInt64, UInt64) = (4, 2)
        let high = first & ~0xF000 | version << 12
        let low = second & ~(3 << 62) | variant << 62
        let digits = Array(hex(high) + hex(low))
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(digits[$0]) }.joined(separator: "-")
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
