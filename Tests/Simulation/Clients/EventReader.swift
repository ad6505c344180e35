internal import Foundation

/// Decodes events. Many clients get the same event, which is decoded only once.
final class EventReader {
    private let decoder = JSONDecoder()
    private var known: [[UInt8]: ChatEvent] = [:]

    /// Nil if the bytes aren't a JSON object of this form.
    func read(_ bytes: [UInt8]) -> ChatEvent? {
        if let event = known[bytes] { return event }
        let event = try? decoder.decode(ChatEvent.self, from: Data(bytes))
        known[bytes] = event
        return event
    }
}
