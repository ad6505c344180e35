/// A command of a moderator: its type, and its fields besides the room and the id.
public struct ModerationCommand: Equatable, Sendable {
    public enum Value: Equatable, Sendable {
        case text(String)
        case number(UInt64)
        case flag(Bool)
        case numbers([UInt64])
        case texts([String])
        /// A word, or a pattern between slashes, and what happens to its lines.
        case term(String, action: String)
        case null
    }

    public typealias Fields = [String: Value]

    public let type: String
    public let fields: Fields
    /// The user that it is about, as the moderator wrote the name.
    public let name: String?

    public init(_ type: String, _ fields: Fields, name: String? = nil) {
        (self.type, self.fields, self.name) = (type, fields, name)
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    private struct Term: Encodable {
        let term: String
        let action: String
    }

    /// Adds the fields to those of the command.
    func encodeFields(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, value) in fields {
            let key = Key(stringValue: name)
            switch value {
            case .text(let text): try container.encode(text, forKey: key)
            case .number(let number): try container.encode(number, forKey: key)
            case .flag(let flag): try container.encode(flag, forKey: key)
            case .numbers(let numbers): try container.encode(numbers, forKey: key)
            case .texts(let texts): try container.encode(texts, forKey: key)
            case .term(let term, let action):
                try container.encode([Term(term: term, action: action)], forKey: key)
            case .null: try container.encodeNil(forKey: key)
            }
        }
    }
}
