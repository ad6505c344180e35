internal import FoundationEssentials

/// An event of a server of the dialect `hubbub.v1`.
public enum ServerEvent: Equatable, Sendable {
    case welcome(Welcome)
    case joined(Joined)
    case message(Message)
    case ack(Ack)
    case history(History)
    case members(Members)
    case presence(Presence)
    case gap(Gap)
    case epoch(Epoch)
    case left(Left)
    case error(Problem)
    case closing(Closing)
    /// A deleted line in its place.
    case tombstone(Tombstone)
    case deleted(Removal)
    case purged(Removal)
    case restored(Restored)
    case room(RoomChanged)
    case held(Held)
    case released(Decision)
    case rejected(Decision)
    case modlog(ModerationLog)
    /// A type that this version doesn't know, or none. Ignore it.
    case unknown(type: String?)

    /// A text that isn't a valid event.
    public struct Malformed: Error, Equatable, Sendable {
        /// The problem with it.
        public let reason: String

        init(reason: String) {
            self.reason = reason
        }

        init(wrongType path: [any CodingKey]) {
            let path = path.map(\.stringValue).joined(separator: ".")
            reason =
                path.isEmpty
                ? "it is not an object" : "the field \"\(path)\" has the wrong type"
        }
    }

    /// Parses one text message of the server.
    public init(_ text: [UInt8]) throws(Malformed) {
        do {
            self = try JSONDecoder().decode(Decoded.self, from: Data(text)).event
        } catch let DecodingError.keyNotFound(key, _) {
            throw Malformed(reason: "the field \"\(key.stringValue)\" is missing")
        } catch let DecodingError.typeMismatch(_, context) {
            throw Malformed(wrongType: context.codingPath)
        } catch let DecodingError.valueNotFound(_, context) {
            throw Malformed(wrongType: context.codingPath)
        } catch {
            throw Malformed(reason: "it is not a JSON object")
        }
    }

    /// Decodes an event according to its type.
    private struct Decoded: Decodable {
        let event: ServerEvent

        private enum Key: CodingKey {
            case type, seq, from
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            let type = try fields.decodeIfPresent(String.self, forKey: .type)
            event =
                switch type {
                case "welcome": .welcome(try Welcome(from: decoder))
                case "joined": .joined(try Joined(from: decoder))
                case "message": .message(try Message(from: decoder))
                case "ack": .ack(try Ack(from: decoder))
                case "history": .history(try History(from: decoder))
                case "members": .members(try Members(from: decoder))
                case "presence": .presence(try Presence(from: decoder))
                // A gap of changes alone: nothing that is shown can be taken back.
                case "gap" where !fields.contains(.from): .unknown(type: type)
                case "gap": .gap(try Gap(from: decoder))
                case "epoch": .epoch(try Epoch(from: decoder))
                case "left": .left(try Left(from: decoder))
                case "error": .error(try Problem(from: decoder))
                case "closing": .closing(try Closing(from: decoder))
                case "deleted" where fields.contains(.seq):
                    .tombstone(try Tombstone(from: decoder))
                case "deleted": .deleted(try Removal(from: decoder))
                case "purged": .purged(try Removal(from: decoder))
                case "restored": .restored(try Restored(from: decoder))
                case "room": .room(try RoomChanged(from: decoder))
                case "held": .held(try Held(from: decoder))
                case "released": .released(try Decision(from: decoder))
                case "rejected": .rejected(try Decision(from: decoder))
                case "modlog": .modlog(try ModerationLog(from: decoder))
                default: .unknown(type: type)
                }
        }
    }
}
