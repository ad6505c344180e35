internal import Foundation

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
