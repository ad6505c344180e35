import Foundation

/// The part of `Tests/text-vectors.json` that is about the server: the tests of the chat page read
/// the same table.
struct TextVectors: Decodable {
    /// What is given as a name, and what is kept of it: nil if it is refused.
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

    /// A message, and whether a reader sees anything of it.
    struct Message: Decodable {
        let text: String
        let isVisible: Bool

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            text = try row.decode(String.self)
            isVisible = try row.decode(Bool.self)
        }
    }

    /// A text, and how many characters it has.
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
