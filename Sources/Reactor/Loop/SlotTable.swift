/// A table for connections, or for anything with an index that the poller hands back. Its slots lie
/// in one contiguous piece of memory that never moves, and each slot has a generation.
///
/// The memory is reserved at once, but a page is touched only when one of its slots is first used.
/// So a table for a million connections costs only the memory of those that are open. Freed slots
/// are reused first, the latest first, because they are still in the cache.
///
/// Invariant: `slots[0 ..< initialized]` are initialised, freed ones with `Element.vacant()`. Every
/// access checks its index against `initialized`. A generation is odd while its slot is in use.
@safe public struct SlotTable<Element: Slot & ~Copyable>: ~Copyable {
    public let capacity: Int
    /// Slots in use.
    @inlinable public var count: Int { used }
    @usableFromInline var used = 0
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline var initialized = 0
    @usableFromInline var generations = OwnedArray<UInt32>()
    @usableFromInline var free = OwnedArray<UInt32>()

    public init(capacity: Int) {
        self.capacity = capacity
        unsafe slots = .allocate(capacity: capacity)
    }

    deinit {
        unsafe slots.deinitialize(count: initialized)
        unsafe slots.deallocate()
    }

    /// Puts `element` into a free slot. Nil if the table is full.
    // Inlinable: without knowledge of the type, the compiler would move the element by calls.
    @inlinable
    public mutating func insert(_ element: consuming Element) -> Token? {
        let index: Int
        if free.isEmpty {
            guard initialized < capacity else { return nil }
            index = initialized
            unsafe (slots + index).initialize(to: element)
            initialized += 1
            generations.append(0)
        } else {
            index = Int(free.removeLast())
            unsafe slots[index] = element
        }
        used += 1
        generations[index] &+= 1
        return Token(index: index, generation: generations[index])
    }

    /// Frees a slot that is in use and returns its element. The slot's generation moves on.
    public mutating func remove(at index: Int) -> Element {
        precondition(isUsed(index))
        used -= 1
        generations[index] &+= 1
        free.append(UInt32(index))
        let element = unsafe (slots + index).move()
        unsafe (slots + index).initialize(to: Element.vacant())
        return element
    }

    @inlinable
    public func isUsed(_ index: Int) -> Bool {
        index < initialized && generations[index] & 1 == 1
    }

    /// The token of a slot that is in use.
    @inlinable
    public func token(at index: Int) -> Token {
        Token(index: index, generation: generations[index])
    }

    /// Whether the slot still holds the element that the token was made for.
    @inlinable
    public func contains(_ token: Token) -> Bool {
        token.index < initialized && generations[token.index] == token.generation
            && token.generation & 1 == 1
    }

    /// One past the highest index that was ever in use.
    @inlinable public var endIndex: Int { initialized }

    @inlinable
    public subscript(index: Int) -> Element {
        unsafeAddress {
            precondition(index >= 0 && index < initialized)
            return unsafe UnsafePointer(slots + index)
        }
        unsafeMutableAddress {
            precondition(index >= 0 && index < initialized)
            return unsafe slots + index
        }
    }
}
