internal import Foundation

/// One JSON event of the server's, read by a decoder that isn't ours.
package struct ChatEvent: Decodable, Hashable, Sendable {
    package let type: String
    package let room: String?
    package let seq: UInt64?
    package let time: String?
    package let username: String?
    package let message: String?
    package let code: String?
    package let reason: String?
    package let retryAfter: UInt64?

    private enum CodingKeys: String, CodingKey {
        case type, room, seq, time, username, message, code, reason
        case retryAfter = "retry_after_ms"
    }
}

/// Reads events, each that many clients get only once.
final class EventReader {
    private let decoder = JSONDecoder()
    private var known: [[UInt8]: ChatEvent] = [:]

    /// Nil where the bytes are no JSON object of this shape.
    func read(_ bytes: [UInt8]) -> ChatEvent? {
        if let event = known[bytes] { return event }
        let event = try? decoder.decode(ChatEvent.self, from: Data(bytes))
        known[bytes] = event
        return event
    }
}
