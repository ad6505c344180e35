internal import Foundation

/// One line of JSON.
enum JSONLine {
    static func encode(_ value: some Encodable) throws(Failure) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(value))
        } catch {
            throw Failure("a process of the run can't encode its data: \(error)")
        }
    }

    static func decode<Value: Decodable>(
        _: Value.Type, _ line: [UInt8]
    ) throws(Failure) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(line))
        } catch {
            throw Failure("a process of the run sent invalid data: \(error)")
        }
    }

    /// Takes the first complete line from the bytes.
    static func take(from bytes: inout [UInt8]) -> [UInt8]? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { bytes.removeFirst(end + 1) }
        return Array(bytes[..<end])
    }
}
