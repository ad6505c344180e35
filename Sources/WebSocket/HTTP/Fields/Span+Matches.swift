extension Span<UInt8> {
    /// Whether the bytes in `range` are exactly `text`, which has at most 24 bytes.
    ///
    /// The compiler turns the text into constants, so the comparison costs one step for each eight
    /// bytes. This fails if the call comes after `&&` or `||`: such code is inlined too late.
    @inlinable @inline(__always)
    public func matches(_ range: Range<Int>, exactly text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return extracting(range).begins(with: text, ignoringCase: false)
    }

    /// Whether the bytes in `range` are `text`, ignoring ASCII case. `text` is in lowercase, and
    /// none of its bytes that aren't letters is above `?`.
    @inline(__always)
    func matches(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return extracting(range).begins(with: text, ignoringCase: true)
    }

    /// Whether this begins with `text`, which has at most 24 bytes. If case is ignored, `text` is
    /// in lowercase, and none of its bytes that aren't letters is above `?`.
    @inlinable @inline(__always)
    public func begins(with text: StaticString, ignoringCase: Bool) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        precondition(length <= 24)
        // Invariant: only the text's length is compared, and the span has at least as many bytes.
        // Loads may be unaligned, and may overlap earlier ones.
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

    /// Whether this equals `text`, ignoring ASCII case.
    func matches(ignoringCase text: Span<UInt8>) -> Bool {
        guard count == text.count else { return false }
        for index in indices where self[index].lowercased != text[index].lowercased {
            return false
        }
        return true
    }
}

/// Whether the bytes of one word are equal at `offset` in two buffers, ignoring ASCII case if asked
/// to. Invariant: both buffers have those bytes.
@inlinable @inline(__always)
func equal<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer, at offset: Int,
    as word: Word.Type, _ ignoringCase: Bool
) -> Bool {
    let mine = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: word)
    let wanted = unsafe text.loadUnaligned(fromByteOffset: offset, as: word)
    guard ignoringCase else { return mine == wanted }
    // Lowercase letters differ from capitals by 0x20, the bit below the 0x40 that all letters have.
    let letters: Word = Word(truncatingIfNeeded: 0x4040_4040_4040_4040 as UInt64)
    return mine | (wanted & letters) &>> 1 == wanted
}
