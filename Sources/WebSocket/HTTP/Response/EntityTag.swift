/// Tells one state of a document from another (RFC 9110 §8.8.3).
package struct EntityTag: Equatable, Sendable {
    /// With its quotes.
    package let text: String

    /// A strong tag. `opaque` is visible ASCII without quotes.
    package init(_ opaque: String) {
        text = "\"\(opaque)\""
    }

    /// Whether a client with these `If-None-Match` has this state already (RFC 9110 §13.1.2). Weak
    /// tags of it count, too: proxies that compress make them.
    package func matches(_ lines: consuming FieldLines, in request: Span<UInt8>) -> Bool {
        while let line = lines.next(in: request) {
            // A comma may stand inside of somebody's tag; none of ours has one.
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
