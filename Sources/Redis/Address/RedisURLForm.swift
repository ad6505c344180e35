/// The parts of a URL of Redis, while it is read.
struct RedisURLForm {
    private(set) var place = RedisURL.Place.local("")
    private(set) var user: String?
    private(set) var password: String?
    private(set) var database = 0

    /// The text for messages.
    private let shown: String

    init(_ text: String, as shown: String) throws(RedisURL.Problem) {
        self.shown = shown
        guard let colon = text.firstIndex(of: ":") else {
            throw problem("is not a URL of Redis: try redis://127.0.0.1:6379")
        }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon].lowercased() {
        case "redis" where rest.hasPrefix("//"): try readAddress(rest.dropFirst(2))
        case "unix": try readLocal(rest)
        case "rediss":
            throw problem(
                """
                TLS to Redis is not supported: use redis:// in a network of your own, or a \
                tunnel such as stunnel on this machine
                """)
        case let scheme where scheme.hasPrefix("redis") && scheme.contains("sentinel"):
            throw problem("Sentinel is not asked for the master: use the address of a proxy to it")
        case let scheme where scheme.hasPrefix("redis") && scheme.contains("cluster"):
            throw cluster()
        default: throw problem("it must begin with redis:// or unix:")
        }
    }

    private mutating func readAddress(_ text: Substring) throws(RedisURL.Problem) {
        if text.contains("?") || text.contains("#") {
            throw problem("a URL of Redis has no part after ? or #")
        }
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        let host = try readUser(text[..<slash])
        if host.contains(",") { throw cluster() }
        let path = text[slash...].dropFirst()
        if !path.isEmpty { database = try databaseNumber(path) }
        guard let found = Self.place(host) else {
            throw problem("a host's name or address, and a port from 1 to 65535, is needed")
        }
        place = found
    }

    private mutating func readLocal(_ text: Substring) throws(RedisURL.Problem) {
        var path = text
        if text.hasPrefix("//") {
            let slash = text.dropFirst(2).firstIndex(of: "/") ?? text.endIndex
            let host = try readUser(text[..<slash].dropFirst(2))
            if !host.isEmpty { throw problem("a local socket has no host: try unix:///path") }
            path = text[slash...]
        }
        if let mark = path.firstIndex(of: "?") {
            let query = path[mark...].dropFirst()
            guard query.hasPrefix("db=") else {
                throw problem("after ? only db=NUMBER is known")
            }
            database = try databaseNumber(query.dropFirst(3))
            path = path[..<mark]
        }
        let decoded = try decode(path)
        // sockaddr_un has 108 bytes, and the last is 0 (unix(7)).
        guard 1...107 ~= decoded.utf8.count else {
            throw problem("the path of a local socket has 1 to 107 bytes")
        }
        place = .local(decoded)
    }

    /// Reads the user and the password of an authority, and returns the rest.
    private mutating func readUser(_ text: Substring) throws(RedisURL.Problem) -> Substring {
        guard let end = text.lastIndex(of: "@") else { return text }
        let names = text[..<end]
        let colon = names.firstIndex(of: ":") ?? names.endIndex
        if colon > names.startIndex { user = try decode(names[..<colon]) }
        if colon < names.endIndex { password = try decode(names[colon...].dropFirst()) }
        if user != nil, password == nil { throw problem("the user has no password") }
        return text[end...].dropFirst()
    }

    /// Nil if it isn't a host with a port.
    private static func place(_ text: Substring) -> RedisURL.Place? {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            let rest = text[bracket...].dropFirst()
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            host = text[..<bracket].dropFirst()
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[colon...].dropFirst()
        }
        guard !host.isEmpty, let number = port.map({ UInt16($0) }) ?? RedisURL.standardPort,
            number > 0
        else { return nil }
        return .host(String(host), port: number)
    }

    private func databaseNumber(_ text: Substring) throws(RedisURL.Problem) -> Int {
        guard let number = UInt16(text) else {
            throw problem("the database is a number from 0 on")
        }
        return Int(number)
    }

    private func decode(_ text: Substring) throws(RedisURL.Problem) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(digits) ?? "", radix: 16) else {
                throw problem("after % two hexadecimal digits are needed; % itself is %25")
            }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw problem("it is not UTF-8")
        }
        return decoded
    }

    private func cluster() -> RedisURL.Problem {
        problem(
            """
            Redis Cluster is not supported: give the URL of each single Redis, over which rooms \
            are spread
            """)
    }

    private func problem(_ reason: String) -> RedisURL.Problem {
        RedisURL.Problem(reason: "\(shown): \(reason)")
    }
}
