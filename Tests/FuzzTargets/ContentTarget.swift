internal import TestSupport
internal import WebSocket

/// The content of a request has the same result in pieces as in one, and its end is where its last
/// byte is, whatever follows. Content that was written in chunks is read as it was.
enum ContentTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        let limit = input.pick([65_536, 100, 16, 0])
        let isChunked = input.pick([true, true, true, false])
        let length = Int(input.byte())
        var generator = input.generator()
        let bytes = input.rest
        let framing: RequestHead.Content = isChunked ? .chunked : .length(length)
        let whole = Outcome(of: bytes, cutAt: [bytes.count], framing, limit: limit)
        let cut = Outcome(of: bytes, cutAt: generator.cuts(of: bytes.count), framing, limit: limit)
        try expect(cut == whole, "cut: \(cut), whole: \(whole)")
        try expect(
            whole.content.count <= (isChunked ? limit : length),
            "content of \(whole.content.count) bytes")
        if whole.ending == .complete {
            let exact = Array(bytes[..<whole.length])
            let alone = Outcome(of: exact, cutAt: [exact.count], framing, limit: limit)
            try expect(alone == whole, "alone: \(alone), with what follows: \(whole)")
            // Content of length 0 has no last byte.
            let less = Outcome(of: exact.dropLast(), cutAt: [], framing, limit: limit)
            try expect(exact.isEmpty || less.ending != .complete, "complete before its last byte")
        }
        try readAgain(bytes, &generator)
    }

    /// Any content is written in chunks, with extensions and trailers, and read again.
    private static func readAgain(
        _ content: [UInt8], _ generator: inout SplitMix64
    ) throws(BrokenPromise) {
        var written: [UInt8] = []
        var start = 0
        for end in generator.cuts(of: content.count) {
            let size = String(end - start, radix: 16, uppercase: generator.happens(500))
            let zeros = String(repeating: "0", count: generator.number(in: 0...3))
            let note = generator.happens(100) ? generator.pick([";a", " ;a=b", ";a=\"b;c\""]) : ""
            written += Array("\(zeros)\(size)\(note)\r\n".utf8)
            written += content[start..<end]
            written += [13, 10]
            start = end
        }
        written += Array(generator.pick(["0\r\n\r\n", "000\r\nA: b\r\n\r\n"]).utf8)
        let length = written.count
        written += Array("GET / HTTP/1.1\r\n".utf8)
        let cuts = generator.cuts(of: written.count)
        let read = Outcome(of: written, cutAt: cuts, .chunked, limit: content.count)
        // Very many extensions are too many.
        if case .refused(let violation) = read.ending, violation.reason.contains("extensions") {
            return
        }
        try expect(
            read == Outcome(content: content, length: length, ending: .complete),
            "written: \(content), read: \(read)")
    }

    /// What was found in the bytes.
    private struct Outcome: Equatable {
        enum Ending: Equatable {
            case complete
            case incomplete
            case refused(RequestViolation)
        }

        var content: [UInt8] = []
        /// Bytes up to the end of the content, if it is complete.
        var length = 0
        var ending = Ending.incomplete

        init(content: [UInt8], length: Int, ending: Ending) {
            (self.content, self.length, self.ending) = (content, length, ending)
        }

        init(of bytes: [UInt8], cutAt ends: [Int], _ framing: RequestHead.Content, limit: Int) {
            var decoder = ContentDecoder(framing, limit: limit)
            var start = 0
            // The last piece is there even if no cut says so.
            for end in ends + [bytes.count] where ending == .incomplete {
                let piece = Array(bytes[start..<end])
                var offset = 0
                do throws(RequestViolation) {
                    while let place = try decoder.next(in: piece.span, from: &offset) {
                        content += piece[place]
                    }
                    if decoder.isComplete { (ending, length) = (.complete, start + offset) }
                } catch {
                    ending = .refused(error)
                }
                start = end
            }
        }
    }
}
