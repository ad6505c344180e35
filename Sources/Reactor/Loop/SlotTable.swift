/// Connections, or whatever else has an index that the poller hands back: slots in one contiguous
/// piece of memory that never moves, each with a generation.
///
/// The memory is reserved at once and touched only as slots are used for the first time, so a table
/// for a million costs what is open. Freed slots are used again first, the latest first: they are
/// still in the cache.
///
/// Invariant: `slots[0 ..< initialized]` are initialised, the freed ones with `Element.vacant()`;
/// every access checks its index against `initialized`. A generation is odd while its slot is in
/// use.
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

    /// Puts `element` into a free slot; nil when the table is full.
    // Inlinable, because without knowing the type it would be put there by calls.
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

    /// Frees a slot that is in use and returns what it held; its generation moves on.
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

    /// Whether the slot still holds what it held when the token was made.
    @inlinable
    public func contains(_ token: Token) -> Bool {
        token.index < initialized && generations[token.index] == token.generation
            && token.generation & 1 == 1
    }

    /// Every index that was ever in use lies below this one.
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
