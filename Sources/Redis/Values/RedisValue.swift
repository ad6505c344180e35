/// A reply of Redis (RESP2).
public enum RedisValue: Equatable, Sendable {
    case string([UInt8])
    /// A short reply such as `OK`.
    case status(String)
    case integer(Int64)
    case null
    case array([RedisValue])
    /// The command has failed. It begins with a word such as `ERR` or `READONLY`.
    case error(String)

    /// The elements of an array.
    public var elements: [RedisValue]? {
        switch self {
        case .array(let elements): elements
        case .string, .status, .integer, .null, .error: nil
        }
    }

    /// The bytes of a string.
    public var bytes: [UInt8]? {
        switch self {
        case .string(let bytes): bytes
        case .status, .integer, .null, .array, .error: nil
        }
    }

    /// The text of a string or a status.
    public var text: String? {
        switch self {
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        case .integer, .null, .array, .error: nil
        }
    }

    /// An integer, or a string that is one.
    public var number: Int64? {
        switch self {
        case .integer(let number): number
        case .string, .status: text.flatMap { Int64($0) }
        case .null, .array, .error: nil
        }
    }
}
