/// The lines of one batch in each encoding that members of its room take: as they are, and with the
/// longer ones deflated. Where that makes no difference, both are the same chunk.
struct EncodedLines: Hashable {
    let plain: ChunkID
    let deflated: ChunkID

    func chunk(deflated wantsDeflated: Bool) -> ChunkID { wantsDeflated ? deflated : plain }
}

extension ChunkPool {
    /// A chunk of each encoding, or one of both; the caller has their references.
    @inline(__always)
    mutating func make(_ plain: [UInt8], deflated: [UInt8]?, lines: Int) -> EncodedLines {
        let chunk = make(plain, lines: lines)
        guard let deflated else { return EncodedLines(plain: chunk, deflated: chunk) }
        return EncodedLines(plain: chunk, deflated: make(deflated, lines: lines))
    }

    /// Gives up the maker's references.
    mutating func release(_ lines: EncodedLines) {
        release(lines.plain)
        if lines.deflated != lines.plain { release(lines.deflated) }
    }

    /// Bytes that the chunks cost together.
    @inline(__always)
    func cost(_ lines: EncodedLines) -> Int {
        let plain = length(lines.plain) + Self.overhead
        return lines.deflated == lines.plain
            ? plain : plain + length(lines.deflated) + Self.overhead
    }
}
