/// Text of a URL in which bytes stand as `%` and two digits (RFC 3986 section 2.1).
enum PercentText {
    /// The bytes that a part of a URL stands for. Nil if a `%` isn't followed by two hexadecimal
    /// digits.
    ///
    /// - Parameter plusIsBlank: whether `+` stands for a blank, as it does in queries.
    static func decoded(
        _ bytes: Span<UInt8>, _ place: Range<Int>, plusIsBlank: Bool = false
    ) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(place.count)
        var index = place.lowerBound
        while index < place.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "%"):
                guard index + 2 < place.upperBound, let high = digit(bytes[index + 1]),
                    let low = digit(bytes[index + 2])
                else { return nil }
                text.append(high << 4 | low)
                index += 3
            case UInt8(ascii: "+") where plusIsBlank:
                text.append(UInt8(ascii: " "))
                index += 1
            case let byte:
                text.append(byte)
                index += 1
            }
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
