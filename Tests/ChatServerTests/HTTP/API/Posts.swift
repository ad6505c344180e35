import ChatServer
import Simulation
import TestSupport
import Testing

extension Simulation {
    /// A request that says a line, with these fields besides the usual ones.
    func post(
        _ message: String = "hi", in room: String = "lobby", sub: String = "u1",
        name: String? = "Ann", claims: String = "", id: String? = nil, with fields: String...
    ) -> String {
        let name = name.map { #","name":"\#($0)""# } ?? ""
        let json = #"{"message":"\#(message)"}"#
        let id = id.map { ["Idempotency-Key: \($0)"] } ?? []
        return request(
            in: room, "Authorization: Bearer \(token(sub, name + claims))",
            ["Content-Type: application/json", "Content-Length: \(json.utf8.count)"] + id + fields,
            json)
    }

    /// A request for a room's lines with these fields and this content.
    func request(
        in room: String = "lobby", _ credentials: String, _ fields: [String],
        _ content: String = ""
    ) -> String {
        let lines = (["Host: a", credentials] + fields).map { "\($0)\r\n" }.joined()
        return "POST /api/v1/rooms/\(room)/messages HTTP/1.1\r\n\(lines)\r\n\(content)"
    }

    /// The same in chunks of three bytes.
    func postInChunks(_ json: String, with fields: String...) -> String {
        var (content, rest) = ("", json[...])
        while !rest.isEmpty {
            let chunk = rest.prefix(3)
            content += "\(String(chunk.utf8.count, radix: 16));a=b\r\n\(chunk)\r\n"
            rest = rest.dropFirst(3)
        }
        return request(
            "Authorization: Bearer \(token("u1", #","name":"Ann""#))",
            ["Content-Type: application/json; charset=utf-8", "Transfer-Encoding: chunked"]
                + fields, content + "0\r\nA: b\r\n\r\n")
    }
}

extension Client {
    var statuses: [Int]? { responses?.map(\.status) }

    /// A field of the JSON in the last response, as it is written.
    func answered(_ field: String) -> String? {
        guard let content = responses?.last?.content,
            let place = content.firstRange(of: "\"\(field)\":")
        else { return nil }
        let value = content[place.upperBound...]
        if value.first == "\"" { return String(value.dropFirst().prefix { $0 != "\"" }) }
        return String(value.prefix { $0 != "," && $0 != "}" })
    }

    /// Checks the status, the code and the form of the last answer.
    func expect(
        _ status: Int, _ code: String, isKept: Bool = true,
        location: SourceLocation = #_sourceLocation
    ) {
        let answer = responses?.last
        #expect(answer?.status == status, sourceLocation: location)
        #expect(
            answer?.fields["content-type"] == "application/problem+json", sourceLocation: location)
        #expect(answered("type") == "about:blank", sourceLocation: location)
        #expect(answered("status") == "\(status)", sourceLocation: location)
        #expect(answered("code") == code, sourceLocation: location)
        #expect(answered("title")?.isEmpty == false, sourceLocation: location)
        #expect(answered("reason")?.isEmpty == false, sourceLocation: location)
        #expect((ending == nil) == isKept, sourceLocation: location)
    }
}
