internal import WebSocket

/// A request head has the same result in pieces as in one, except that it may be rejected for
/// another fault: in pieces the first fault to arrive is the first to be found.
enum HeadTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        let limits = HeadLimits(
            headBytes: input.pick([16_384, 300, 64, 1]),
            targetBytes: input.pick([8_192, 16]), contentBytes: input.pick([65_536, 0]))
        var generator = input.generator()
        let bytes = input.rest
        let whole = Outcome(of: bytes, cutAt: [bytes.count], limits: limits)
        let cut = Outcome(of: bytes, cutAt: generator.cuts(of: bytes.count), limits: limits)
        try expect(cut == whole, "cut: \(cut), whole: \(whole)")
        guard case .head(let head, _) = whole else { return }
        try check(head, in: bytes, limits: limits)
        // Bytes after a head don't change it.
        let exact = Array(bytes[..<head.length])
        let alone = Outcome(of: exact, cutAt: [exact.count], limits: limits)
        try expect(alone == whole, "alone: \(alone), with what follows: \(whole)")
    }

    private static func check(
        _ head: RequestHead, in bytes: [UInt8], limits: HeadLimits
    ) throws(BrokenPromise) {
        try expect(head.length <= min(limits.headBytes, bytes.count), "the length \(head.length)")
        try expect(
            bytes[..<head.length].suffix(4).elementsEqual([13, 10, 13, 10]),
            "a head that an empty line doesn't end")
        if case .length(let count) = head.content {
            try expect(1...max(limits.contentBytes, 1) ~= count, "content of \(count) bytes")
        }
        for place in head.places(in: bytes) {
            try expect(
                0 <= place.lowerBound && place.upperBound <= head.length - 4,
                "\(place) of a head of \(head.length) bytes")
            try expect(
                bytes[place].allSatisfy { $0 == 9 || $0 >= 32 && $0 != 127 },
                "control bytes at \(place)")
        }
    }

    /// The result for the bytes.
    private enum Outcome: Equatable {
        case head(RequestHead, places: [Range<Int>])
        case incomplete
        case refused(RequestViolation)

        init(of bytes: [UInt8], cutAt ends: [Int], limits: HeadLimits) {
            var progress = HeadProgress()
            do throws(RequestViolation) {
                for end in ends {
                    let there = bytes.span.extracting(..<end)
                    if let head = try RequestHead.parse(there, progress: &progress, limits: limits)
                    {
                        self = .head(head, places: head.places(in: bytes))
                        return
                    }
                }
                self = .incomplete
            } catch {
                self = .refused(error)
            }
        }

        static func == (left: Outcome, right: Outcome) -> Bool {
            switch (left, right) {
            case (.head(let left, let places), .head(let right, let others)):
                places == others && left.isSame(as: right)
            case (.incomplete, .incomplete): true
            case (.refused, .refused): true
            case (.head, _), (.incomplete, _), (.refused, _): false
            }
        }
    }
}

extension RequestHead {
    /// All ranges in the bytes that it refers to.
    fileprivate func places(in bytes: [UInt8]) -> [Range<Int>] {
        var places = [path, query, authority, origin, webSocketKey, webSocketVersion].compactMap {
            $0
        }
        for field in [
            webSocketProtocols, webSocketExtensions, forwarded, forwardedFor, acceptEncoding,
            ifNoneMatch,
        ] {
            var lines = field
            while let place = lines.next(in: bytes.span) { places.append(place) }
        }
        return places
    }

    fileprivate func isSame(as other: RequestHead) -> Bool {
        length == other.length && method == other.method
            && (query == nil) == (other.query == nil) && isAsterisk == other.isAsterisk
            && keepsAlive == other.keepsAlive && content == other.content
            && expectsContinue == other.expectsContinue
            && upgradesToWebSocket == other.upgradesToWebSocket
    }
}
