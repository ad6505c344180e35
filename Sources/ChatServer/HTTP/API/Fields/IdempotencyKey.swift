internal import Chat
internal import WebSocket

/// The field `Idempotency-Key`: the id of the line that a request says.
enum IdempotencyKey {
    /// The id that a request gives its line or its change, with or without quotes around it. Nil if
    /// it gives none. It is visible ASCII and blanks (RFC 9651 section 3.3.3), without quotes.
    static func key(of head: RequestHead, in bytes: Span<UInt8>) throws(Problem) -> String? {
        guard !head.idempotencyKey.isEmpty else { return nil }
        guard var place = head.idempotencyKey.only else { throw .illegalKey }
        let quote = UInt8(ascii: "\"")
        if place.count > 1, bytes[place.lowerBound] == quote, bytes[place.upperBound - 1] == quote {
            place = place.dropFirst().dropLast()
        }
        let text = bytes.extracting(place)
        guard 1...Command.idLengthLimit ~= text.count else { throw .illegalKey }
        for index in text.indices
        where text[index] < 0x20 || text[index] > 0x7E || text[index] == quote {
            throw .illegalKey
        }
        do {
            return String(copying: try UTF8Span(validating: text))
        } catch {
            preconditionFailure("it is ASCII")
        }
    }

    /// The id of a line whose sender doesn't choose one.
    static func fresh() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
            + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
