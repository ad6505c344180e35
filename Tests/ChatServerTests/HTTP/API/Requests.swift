import Simulation

extension Simulation {
    /// The answer to GET at a path of the API, with these fields.
    func get(_ path: String, _ fields: String...) -> Client {
        let lines = (["Host: a"] + fields).map { "\($0)\r\n" }.joined()
        return ask("GET /api/v1\(path) HTTP/1.1\r\n\(lines)\r\n")
    }

    /// The answer to a request with content, in JSON.
    func send(
        _ method: String = "POST", _ path: String, _ json: String = "{}", as credential: String,
        _ fields: String...
    ) -> Client {
        let lines =
            ([
                "Host: a", "Authorization: Bearer \(credential)", "Content-Type: application/json",
                "Content-Length: \(json.utf8.count)",
            ] + fields).map { "\($0)\r\n" }.joined()
        return ask("\(method) /api/v1\(path) HTTP/1.1\r\n\(lines)\r\n\(json)")
    }
}

extension Client {
    /// A field of the last response.
    func field(_ name: String) -> String? { responses?.last?.fields[name] }

    /// The numbers of the lines in the last response.
    var toldSeqs: [UInt64] {
        (responses?.last?.content ?? "").matches(of: /"seq":(\d+)/).compactMap { UInt64($0.1) }
    }

    /// The names of the rooms in the last response.
    var rooms: [String] {
        (responses?.last?.content ?? "").matches(of: /"room":"([^"]+)"/).map { String($0.1) }
    }
}
