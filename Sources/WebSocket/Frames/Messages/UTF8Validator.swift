/// Checks UTF-8 piece by piece. It fails at the first byte that no valid continuation could repair
/// (RFC 3629 §4, RFC 6455 §8.1).
struct UTF8Validator {
    /// Continuation bytes that the current scalar still needs.
    private var missing: UInt8 = 0
    /// The values allowed for the next continuation byte. The second byte of a scalar reveals
    /// overlong forms, surrogates, and values above U+10FFFF.
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether no scalar is incomplete.
    var isComplete: Bool {
        missing == 0
    }

    /// Whether complete text is valid UTF-8.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }

    /// Checks the next bytes. False if the text can't be valid any more.
    mutating func accepts(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80, missing == 0 {
                index = Self.endOfASCII(bytes, from: index)
            } else {
                guard accepts(byte) else { return false }
                index += 1
            }
        }
        return true
    }

    /// Checks one byte of a scalar that isn't ASCII, or the first byte of one.
    private mutating func accepts(_ byte: UInt8) -> Bool {
        guard missing == 0 else {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
        case 0xED: (missing, allowed) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }

    /// The index of the next byte that isn't ASCII, or the end.
    private static func endOfASCII(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        // The compiler turns blocks of a fixed size without a branch inside into vector
        // instructions.
        let block = 32
        while bytes.count - index >= block {
            let piece = bytes.extracting(index..<index + block)
            var union: UInt8 = 0
            for place in 0..<block { union |= piece[place] }
            if union >= 0x80 { break }
            index += block
        }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }
}
