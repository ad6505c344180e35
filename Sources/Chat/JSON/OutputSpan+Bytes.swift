extension OutputSpan<UInt8> {
    /// Appends a copy of `source`. There must be room for it.
    @inline(__always)
    mutating func append(copying source: Span<UInt8>) {
        unsafe source.withUnsafeBufferPointer { unsafe append(copying: $0) }
    }

    /// Appends the UTF-8 of `literal`. There must be room for it.
    @inline(__always)
    mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { unsafe append(copying: $0) }
    }

    @inline(__always)
    private mutating func append(copying source: UnsafeBufferPointer<UInt8>) {
        precondition(source.count <= freeCapacity)
        unsafe withUnsafeMutableBufferPointer { target, count in
            // Invariant: `target` is the whole capacity. `count` bytes of it are taken, and
            // `source.count` more are free, as just checked. The exclusive access to `target` rules
            // out an overlap with `source`.
            _ = unsafe target.extracting(count...).initialize(fromContentsOf: source)
            count += source.count
        }
    }

    /// Appends a room's name. There must be room for it.
    @inline(__always)
    mutating func append(_ room: RoomName) {
        append(copying: room.bytes.span.extracting(..<room.count))
    }

    /// Appends a number in decimal. There must be room for its digits, at most 20.
    mutating func append(decimal number: UInt64) {
        let digits = number.decimalDigits
        precondition(digits <= freeCapacity)
        unsafe withUnsafeMutableBufferPointer { target, count in
            // Invariant: the `digits` bytes after the `count` bytes already taken are within the
            // capacity, as just checked, and each of them is written.
            var (place, rest) = (count &+ digits, number)
            while place > count {
                place &-= 1
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                let byte = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
                unsafe target.initializeElement(at: place, to: byte)
                rest = quotient
            }
            count &+= digits
        }
    }
}

extension UInt64 {
    /// The number of decimal digits.
    var decimalDigits: Int {
        var (digits, limit) = (1, UInt64(10))
        while digits < 20, self >= limit {
            digits += 1
            limit = limit &* 10
        }
        return digits
    }
}

extension [UInt8] {
    /// Appends the UTF-8 of `literal`.
    mutating func append(_ literal: StaticString) {
        append(addingCapacity: literal.utf8CodeUnitCount) { $0.append(literal) }
    }

    /// Appends a copy of `source`.
    mutating func append(copying source: Span<UInt8>) {
        append(addingCapacity: source.count) { $0.append(copying: source) }
    }
}
