/// A command with its arguments.
public struct RedisRequest: Equatable, Sendable {
    public private(set) var arguments: [[UInt8]]

    public init(_ arguments: [[UInt8]]) {
        self.arguments = arguments
    }

    public init(_ words: String...) {
        arguments = words.map { Array($0.utf8) }
    }

    public mutating func append(_ argument: [UInt8]) { arguments.append(argument) }

    public mutating func append(_ argument: String) { arguments.append(Array(argument.utf8)) }

    public mutating func append(_ number: some BinaryInteger) { append(String(number)) }

    /// Appends the command as Redis reads it: an array of strings.
    public func encode(into output: inout [UInt8]) {
        Self.append(UInt8(ascii: "*"), arguments.count, to: &output)
        for argument in arguments {
            Self.append(UInt8(ascii: "$"), argument.count, to: &output)
            output += argument
            output += "\r\n".utf8
        }
    }

    private static func append(_ mark: UInt8, _ count: Int, to output: inout [UInt8]) {
        output.append(mark)
        output += String(count).utf8
        output += "\r\n".utf8
    }
}
