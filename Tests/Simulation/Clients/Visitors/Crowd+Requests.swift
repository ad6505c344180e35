internal import TestSupport

/// Visitors that only ask for documents.
extension Crowd {
    /// Sends several requests at once. The last one ends the connection.
    func askAway(_ client: Client) -> [Int] {
        var statuses: [Int] = []
        for left in (0..<world.random.number(in: 1...5)).reversed() {
            let (path, status) = world.random.pick([
                ("/", 200), ("/healthz", 200), ("/metrics", 200), ("/nowhere", 404), ("/ws", 426),
            ])
            let last = left == 0 ? "Connection: close\r\n" : ""
            client.send("GET \(path) HTTP/1.1\r\nHost: chat.example\r\n\(last)\r\n")
            statuses.append(status)
        }
        world.note("client \(client.number) asks for \(statuses)")
        return statuses
    }
}
