internal import Foundation

/// Decodes events. Many clients get the same event, which is decoded only once.
final class EventReader {
    private let decoder = JSONDecoder()
    private var known: [[UInt8]: ChatEvent] = [:]

    /// Nil if the bytes aren't a JSON object of this form.
    func read(_ bytes: [UInt8]) -> ChatEvent? {
        if let event = known[bytes] { return event }
        let event = report(bytes) ?? (try? decoder.decode(ChatEvent.self, from: Data(bytes)))
        known[bytes] = event
        return event
    }

    /// An event for operators, whose fields mean something else than those of others.
    private func report(_ bytes: [UInt8]) -> ChatEvent? {
        let begin = bytes.prefix(20)
        guard
            ["server", "inspect"].contains(where: { begin.starts(with: #"{"type":"\#($0)""#.utf8) }
            ),
            let fields = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let few = try? JSONSerialization.data(
                withJSONObject: fields.filter { ["type", "id"].contains($0.key) })
        else { return nil }
        var event = try? decoder.decode(ChatEvent.self, from: few)
        event?.report = String(decoding: bytes, as: UTF8.self)
        return event
    }
}
