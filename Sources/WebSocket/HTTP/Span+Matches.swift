extension Span<UInt8> {
    /// Whether the bytes in `range` are exactly `text`, which has at most 24 bytes.
    ///
    /// The compiler makes constants of the text, so that it costs a comparison for each eight
    /// bytes. It doesn't where the call stands behind `&&` or `||`, because such code is inlined
    /// too late.
    @inline(__always)
    func matches(_ range: Range<Int>, exactly text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return matches(at: range.lowerBound, text, ignoringCase: false)
    }

    /// The same but for ASCII case; of `text`, small letters alone are above `?`.
    @inline(__always)
    func matches(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return matches(at: range.lowerBound, text, ignoringCase: true)
    }

    @inline(__always)
    private func matches(at start: Int, _ text: StaticString, ignoringCase: Bool) -> Bool {
        let length = text.utf8CodeUnitCount
        precondition(start >= 0 && length <= 24 && count - start >= length)
        // Invariant: as many bytes as the text has are compared, which lie within the span, as was
        // just checked. Loads may be unaligned, and overlap those before them.
        return unsafe withUnsafeBytes { bytes in
            guard length > 0, let base = bytes.baseAddress else { return length == 0 }
            let (mine, wanted) = unsafe (base + start, UnsafeRawPointer(text.utf8Start))
            if length >= 8 {
                guard unsafe equal(mine, wanted, at: 0, as: UInt64.self, ignoringCase) else {
                    return false
                }
                if length > 16 {
                    guard unsafe equal(mine, wanted, at: 8, as: UInt64.self, ignoringCase) else {
                        return false
                    }
                }
                return unsafe equal(mine, wanted, at: length - 8, as: UInt64.self, ignoringCase)
            }
            if length >= 4 {
                guard unsafe equal(mine, wanted, at: 0, as: UInt32.self, ignoringCase) else {
                    return false
                }
                return unsafe equal(mine, wanted, at: length - 4, as: UInt32.self, ignoringCase)
            }
            guard unsafe equal(mine, wanted, at: 0, as: UInt8.self, ignoringCase) else {
                return false
            }
            if length > 1 {
                guard unsafe equal(mine, wanted, at: 1, as: UInt8.self, ignoringCase) else {
                    return false
                }
            }
            return unsafe equal(mine, wanted, at: length - 1, as: UInt8.self, ignoringCase)
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
@inline(__always)
private func equal<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawPointer, _ text: UnsafeRawPointer, at offset: Int, as word: Word.Type,
    _ ignoringCase: Bool
) -> Bool {
    let mine = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: word)
    let wanted = unsafe text.loadUnaligned(fromByteOffset: offset, as: word)
    guard ignoringCase else { return mine == wanted }
    // Small letters differ from capitals in the bit below the one that makes them letters.
    let letters: Word = Word(truncatingIfNeeded: 0x4040_4040_4040_4040 as UInt64)
    return mine | (wanted & letters) &>> 1 == wanted
}
