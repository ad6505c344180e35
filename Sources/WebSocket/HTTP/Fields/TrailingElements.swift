/// Walks through a comma-separated list from its end, up to a limit of elements. The list may take
/// several lines of a head. Bytes before the last element that is asked for aren't looked at.
///
/// Senders append to such a list, so an empty element counts: it is what somebody has appended.
public struct TrailingElements {
    /// The lines that have yet to be walked through, the last one last.
    private var lines: [Range<Int>]
    /// The rest of the current line. Nil if there is none left.
    private var rest: Range<Int>?
    private var left: Int

    /// - Parameter values: the values of the field, in their order.
    public init(of values: [Range<Int>], limit: Int) {
        lines = values
        left = limit
    }

    /// The element before the one of the last call, without the white space around it. `bytes` are
    /// those of the head.
    public mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard left > 0, let line = rest ?? lines.popLast() else { return nil }
        left -= 1
        var start = line.upperBound
        while start > line.lowerBound, bytes[start - 1] != UInt8(ascii: ",") { start -= 1 }
        rest = start > line.lowerBound ? line.lowerBound..<start - 1 : nil
        return bytes.trimmed(start..<line.upperBound)
    }
}
