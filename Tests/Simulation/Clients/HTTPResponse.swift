/// One parsed response from the server.
package struct HTTPResponse: Equatable, Sendable {
    package let status: Int
    /// Names are in lowercase.
    package let fields: [String: String]
    package let content: String

    /// All responses in `bytes`. Nil if the last one isn't complete. `heads` has the indices of
    /// requests with the method HEAD, whose responses have no content.
    package static func parse(_ bytes: [UInt8], heads: Set<Int> = []) -> [HTTPResponse]? {
        var rest = bytes[...]
        var responses: [HTTPResponse] = []
        while !rest.isEmpty {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
                .split(separator: "\r\n")
            let words = lines[0].split(separator: " ")
            guard words[0] == "HTTP/1.1", words.count > 1, let status = Int(words[1]) else {
                return nil
            }
            var fields: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ": ", maxSplits: 1)
                fields[parts[0].lowercased()] = String(parts.last ?? "")
            }
            let hasNone = heads.contains(responses.count) || status == 204
            let length = hasNone ? 0 : fields["content-length"].flatMap { Int($0) } ?? 0
            guard rest.endIndex - end.upperBound >= length else { return nil }
            let content = rest[end.upperBound..<end.upperBound + length]
            responses.append(
                HTTPResponse(
                    status: status, fields: fields,
                    content: String(decoding: content, as: UTF8.self)
                ))
            rest = rest[(end.upperBound + length)...]
        }
        return responses
    }
}
