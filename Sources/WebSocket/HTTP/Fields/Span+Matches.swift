extension Span<UInt8> {
    /// Whether the bytes in `range` are exactly `text`, which has at most 24 bytes.
    ///
    /// The compiler turns the text into constants, so that it costs a comparison for each eight
    /// bytes. It does not where the call stands behind `&&` or `||`: such code is inlined too late.
    @inlinable @inline(__always)
    public func matches(_ range: Range<Int>, exactly text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return extracting(range).begins(with: text, ignoringCase: false)
    }

    /// Whether the bytes in `range` are `text`, but for ASCII case. `text` is given in small
    /// letters; none of its other bytes is above `?`.
    @inline(__always)
    func matches(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return extracting(range).begins(with: text, ignoringCase: true)
    }

    /// Whether this begins with `text`, which has at most 24 bytes; the same holds for its letters.
    @inlinable @inline(__always)
    func begins(with text: StaticString, ignoringCase: Bool) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        precondition(length <= 24)
        // Invariant: as many bytes are compared as the text has, and the span has as many. Loads
        // may be unaligned, and may overlap those before them.
        return unsafe withUnsafeBytes { bytes in
            guard length > 0 else { return true }
            let text = unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: length)
            if length >= 8 {
                guard unsafe equal(bytes, text, at: 0, as: UInt64.self, ignoringCase) else {
                    return false
                }
                if length > 16 {
                    guard unsafe equal(bytes, text, at: 8, as: UInt64.self, ignoringCase) else {
                        return false
                    }
                }
                return unsafe equal(bytes, text, at: length - 8, as: UInt64.self, ignoringCase)
            }
            if length >= 4 {
                guard unsafe equal(bytes, text, at: 0, as: UInt32.self, ignoringCase) else {
                    return false
                }
                return unsafe equal(bytes, text, at: length - 4, as: UInt32.self, ignoringCase)
            }
            guard unsafe equal(bytes, text, at: 0, as: UInt8.self, ignoringCase) else {
                return false
            }
            if length > 1 {
                guard unsafe equal(bytes, text, at: 1, as: UInt8.self, ignoringCase) else {
                    return false
                }
            }
            return unsafe equal(bytes, text, at: length - 1, as: UInt8.self, ignoringCase)
        }
    }

    /// Whether this is `text`, of the same length, but for ASCII case.
    func matches(ignoringCase text: Span<UInt8>) -> Bool {
        guard count == text.count else { return false }
        for index in indices where self[index].lowercased != text[index].lowercased {
            return false
        }
        return true
    }
}

/// Whether as many bytes as a word has are the same in two places, but for ASCII case if asked.
/// Invariant: both places have those bytes.
@inlinable @inline(__always)
func equal<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer, at offset: Int,
    as word: Word.Type, _ ignoringCase: Bool
) -> Bool {
    let mine = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: word)
    let wanted = unsafe text.loadUnaligned(fromByteOffset: offset, as: word)
    guard ignoringCase else { return mine == wanted }
    // Small letters differ from capitals in the bit below the one that makes them letters.
    let letters: Word = Word(truncatingIfNeeded: 0x4040_4040_4040_4040 as UInt64)
    return mine | (wanted & letters) &>> 1 == wanted
}
