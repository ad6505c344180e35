internal import FoundationEssentials

/// Changes, and what they are about, as JSON.
enum JSONText {
    static func bytes(of value: some Encodable) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(value))
        } catch {
            preconditionFailure("it can't be written as JSON: \(error)")
        }
    }

    static func text(of value: some Encodable) -> String {
        String(decoding: bytes(of: value), as: UTF8.self)
    }

    /// Nil if it can't be read.
    static func value<Value: Decodable>(_ type: Value.Type, in bytes: [UInt8]) -> Value? {
        try? JSONDecoder().decode(type, from: Data(bytes))
    }
}
