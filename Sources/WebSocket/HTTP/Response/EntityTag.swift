/// Distinguishes one state of a document from another (RFC 9110 §8.8.3).
package struct EntityTag: Equatable, Sendable {
    /// The tag with its quotes.
    package let text: String

    /// Makes a strong tag. `opaque` is visible ASCII without quotes.
    package init(_ opaque: String) {
        text = "\"\(opaque)\""
    }

    /// Whether a client with these `If-None-Match` lines already has this state (RFC 9110 §13.1.2).
    /// A weak form of the tag counts too, because proxies that compress make one.
    package func matches(_ lines: consuming FieldLines, in request: Span<UInt8>) -> Bool {
        while let line = lines.next(in: request) {
            // A tag from another server may contain a comma; ours never do.
            var elements = ListElements(line)
            while let element = elements.next(in: request) {
                if request.matches(element, exactly: "*") { return true }
                let isWeak = element.count > 2 && request.matches(element.prefix(2), exactly: "W/")
                let tag = isWeak ? element.dropFirst(2) : element
                if request.matches(tag, text) { return true }
            }
        }
        return false
    }
}
