package import Chat

/// A line, and where it comes from.
package struct OriginLine: Equatable, Sendable {
    package let line: Line
    package let origin: Origin

    package init(_ line: Line, from origin: Origin) { (self.line, self.origin) = (line, origin) }
}
