import Foundation

/// The part of `Tests/text-vectors.json` that is about the server: the tests of the chat page read
/// the same table.
struct TextVectors: Decodable {
    /// Pairs of a given name and its trimmed form, which is nil if the name is refused.
    let names: [[String?]]
    let messages: [Message]
    let counts: [Count]

    static let table = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../text-vectors.json")
        do {
            return try JSONDecoder().decode(TextVectors.self, from: Data(contentsOf: file))
        } catch {
            preconditionFailure("\(file): \(error)")
        }
    }()

    /// A message, and whether it has a visible character.
    struct Message: Decodable {
        let text: String
        let isVisible: Bool

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            text = try row.decode(String.self)
            isVisible = try row.decode(Bool.self)
        }
    }

    /// A text and its number of characters.
    struct Count: Decodable {
        let text: String
        let characters: Int

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            text = try row.decode(String.self)
            characters = try row.decode(Int.self)
        }
    }
}
