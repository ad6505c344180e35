import Foundation
import Reactor
import Simulation
import Testing

extension Client {
    /// What it has received after the head of a response.
    private var streamed: Substring {
        let text = String(decoding: raw, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return "" }
        return text[end.upperBound...]
    }

    /// The events of its stream that are complete.
    var stream: [StreamedEvent] {
        var events: [StreamedEvent] = []
        for block in streamed.components(separatedBy: "\n\n").dropLast() {
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") where !line.hasPrefix(":") {
                let parts = line.split(separator: ":", maxSplits: 1)
                #expect(parts.count == 2 && parts[1].hasPrefix(" ") && fields["\(parts[0])"] == nil)
                fields["\(parts[0])"] = parts.last.map { "\($0.dropFirst())" }
            }
            guard let data = fields["data"],
                let event = try? JSONDecoder().decode(ChatEvent.self, from: Data(data.utf8))
            else {
                #expect(fields["data"] == nil, "\(block)")
                continue
            }
            #expect(fields["event"] == event.type)
            events.append(
                StreamedEvent(
                    type: event.type, event: event, id: fields["id"],
                    retry: fields["retry"].flatMap { Int($0) }))
        }
        return events
    }

    /// The number of comments, the first one included.
    var comments: Int {
        streamed.components(separatedBy: "\n").count { $0.hasPrefix(":") }
    }

    /// The numbers of the lines of its stream, perhaps of one of its rooms.
    func streamedSeqs(of room: String? = nil) -> [UInt64] {
        stream.filter { $0.type == "message" && (room == nil || $0.event.room == room) }
            .compactMap(\.event.seq)
    }

    /// The types of the events in its stream, without `presence`, which comes at its own times.
    var streamedTypes: [String] { stream.map(\.type).filter { $0 != "presence" } }

    /// The id with which a browser would come back.
    var lastEventID: String? { stream.compactMap(\.id).last }

    /// The field of the head of its stream.
    func streamField(_ name: String) -> String? {
        let text = String(decoding: raw, as: UTF8.self)
        return text.components(separatedBy: "\r\n").first {
            $0.lowercased().hasPrefix("\(name.lowercased()): ")
        }.map { "\($0.dropFirst(name.count + 2))" }
    }
}

extension Simulation {
    /// Adds a client that asks for an event stream.
    func stream(
        _ target: String = "rooms/lobby/events", after id: String? = nil, _ fields: String...,
        from address: SocketAddress = .of(1)
    ) -> Client {
        let client = connect(from: address)
        let all = ["Host: a"] + (id.map { ["Last-Event-ID: \($0)"] } ?? []) + fields
        client.send(
            "GET /api/v1/\(target) HTTP/1.1\r\n" + all.map { "\($0)\r\n" }.joined() + "\r\n")
        settle()
        return client
    }
}
