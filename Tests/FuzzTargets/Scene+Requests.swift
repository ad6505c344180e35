internal import Simulation

/// Requests of the API.
extension Scene {
    static let key = String(repeating: "k", count: 32)

    private static let methods = ["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PUT"]
    private static let paths = [
        "rooms/R/messages", "rooms/R/messages/N", "rooms/R/events", "events?rooms=R,b", "rooms/R",
        "rooms", "rooms/R/members", "rooms/R/delete", "rooms/R/purge", "rooms/R/ban",
        "rooms/R/unban", "rooms/R/panic", "rooms/R/announce", "rooms/R/undo", "rooms/R/bans",
        "rooms/R/terms", "rooms/R/modlog", "connections/u%2F1", "tokens/revoke", "server",
        "openapi.json", "rooms/R/approve",
    ]
    private static let contents = [
        #"{"message":"hi","username":"x","user":"u1"}"#, #"{"seqs":[1,2]}"#,
        #"{"matching":"hi","purge":true}"#, #"{"user":"u1","seconds":9}"#, #"{"rev":1}"#,
        #"{"on":true,"hold_seconds":1,"frozen":false}"#, #"{"sub":"u1"}"#,
        #"{"add":[{"term":"hi","action":"hold"}],"held":"1"}"#,
    ]

    /// A client sends a request with a key, with a wrong one, or without.
    func ask(_ client: Client, _ input: inout FuzzInput) {
        let number = Int(input.byte())
        var path = input.pick(Self.paths)
            .replacing("R", with: input.pick(["a", "b", "*", "%63"]))
            .replacing("N", with: "\(number % 8)")
        let query = String(decoding: input.take(number % 24), as: UTF8.self)
            .filter { $0.isASCII && !$0.isWhitespace && !$0.isNewline && $0 != "\0" }
        if number % 3 == 0 { path += (path.contains("?") ? "&" : "?") + query }
        if number % 5 == 0 { path += (path.contains("?") ? "&" : "?") + "after=\(number % 7)" }
        var content = Array(input.pick(Self.contents).utf8)
        if number % 7 == 0 { content = input.take(number) }
        let credential = input.pick([
            "Authorization: Bearer \(Self.key)\r\n", "", "Authorization: Bearer x\r\n",
        ])
        let method = input.pick(Self.methods)
        let id = number % 2 == 0 ? "Idempotency-Key: k\(number % 8)\r\n" : ""
        client.send(
            "\(method) /api/v1/\(path) HTTP/1.1\r\nHost: a\r\n\(credential)\(id)"
                + "Content-Type: application/json\r\nContent-Length: \(content.count)\r\n\r\n")
        client.send(content)
    }
}
