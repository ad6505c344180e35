/// An array with one owner. An array of the standard library checks before each change whether it
/// is shared; this one can't be.
///
/// Invariant: `base` points to `capacity` elements, of which the first `count` are initialised.
/// Each access checks its index against `count`.
@usableFromInline
@safe struct OwnedArray<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var count: Int

    /// An empty array with room for 64 elements.
    init() {
        capacity = 64
        count = 0
        unsafe base = .allocate(capacity: capacity)
    }

    init(repeating element: Element, count: Int) {
        capacity = count
        self.count = count
        unsafe base = .allocate(capacity: count)
        unsafe base.initialize(repeating: element, count: count)
    }

    @inlinable
    deinit {
        unsafe base.deallocate()
    }

    @inlinable var isEmpty: Bool { count == 0 }

    @inlinable
    subscript(index: Int) -> Element {
        @inline(__always) unsafeAddress {
            precondition(index >= 0 && index < count)
            return unsafe UnsafePointer(base + index)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(index >= 0 && index < count)
            return unsafe base + index
        }
    }

    @inlinable @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    @inlinable @inline(__always)
    mutating func removeLast() -> Element {
        precondition(count > 0)
        count -= 1
        return unsafe base[count]
    }

    @inline(never)
    @usableFromInline
    mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        unsafe larger.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity *= 2
    }
}
