import Redis
import Testing

@Suite struct RedisURLTests {
    @Test(
        arguments: [
            ("redis://localhost", "localhost", 6379, nil, nil, 0),
            ("redis://127.0.0.1:7000", "127.0.0.1", 7000, nil, nil, 0),
            ("REDIS://h:1/", "h", 1, nil, nil, 0),
            ("redis://h/3", "h", 6379, nil, nil, 3),
            ("redis://[::1]:7000/15", "::1", 7000, nil, nil, 15),
            ("redis://[::1]", "::1", 6379, nil, nil, 0),
            ("redis://:secret@h", "h", 6379, nil, "secret", 0),
            ("redis://ann:secret@h:1/2", "h", 1, "ann", "secret", 2),
            ("redis://a%40b:p%3A%2F%25%C3%A9@h", "h", 6379, "a@b", "p:/%é", 0),
            ("redis://ann:a@b:c@h", "h", 6379, "ann", "a@b:c", 0),
            ("redis://ann:@h", "h", 6379, "ann", "", 0),
        ] as [(String, String, UInt16, String?, String?, Int)])
    func `an address is read`(
        text: String, host: String, port: UInt16, user: String?, password: String?, database: Int
    ) throws {
        let url = try RedisURL(text)
        #expect(url.place == .host(host, port: port))
        #expect(url.user == user)
        #expect(url.password == password)
        #expect(url.database == database)
    }

    @Test(
        arguments: [
            ("unix:///run/redis/redis.sock", "/run/redis/redis.sock", nil, nil, 0),
            ("unix:/run/redis.sock", "/run/redis.sock", nil, nil, 0),
            ("unix:run/r.sock", "run/r.sock", nil, nil, 0),
            ("unix:/a%20b?db=4", "/a b", nil, nil, 4),
            ("unix://ann:p%2Fq@/run/r.sock?db=1", "/run/r.sock", "ann", "p/q", 1),
            ("unix://:pw@/r", "/r", nil, "pw", 0),
        ] as [(String, String, String?, String?, Int)])
    func `a local socket is read`(
        text: String, path: String, user: String?, password: String?, database: Int
    ) throws {
        let url = try RedisURL(text)
        #expect(url.place == .local(path))
        #expect(url.user == user)
        #expect(url.password == password)
        #expect(url.database == database)
    }

    @Test(
        arguments: [
            ("", "try redis://"), ("localhost", "try redis://"), ("redis:h", "must begin"),
            ("http://h", "must begin"), ("rediss://h", "TLS"), ("redis://", "a host's name"),
            ("redis://h:", "a port"), ("redis://h:0", "a port"), ("redis://h:65536", "a port"),
            ("redis://h:x", "a port"), ("redis://::1", "a port"), ("redis://[::1", "a host's"),
            ("redis://[::1]7", "a host's"), ("redis://h/x", "database"),
            ("redis://h/-1", "database"), ("redis://h/1/2", "database"),
            ("redis://h?db=1", "after ?"), ("redis://h#x", "after ?"),
            ("redis://ann@h", "no password"), ("redis://ann:%4@h", "%25"),
            ("redis://ann:%zz@h", "%25"), ("redis://ann:%ff@h", "UTF-8"),
            ("redis://ann:%00@h", "UTF-8"), ("redis://a:1,b:2", "Redis Cluster"),
            ("redis+cluster://h", "Redis Cluster"), ("redis-sentinel://h", "Sentinel"),
            ("unix:", "1 to 107"), ("unix://", "1 to 107"), ("unix://h/path", "no host"),
            ("unix:/a?x=1", "db="), ("unix:/a?db=x", "database"),
        ])
    func `a fault is named`(text: String, part: String) {
        let problem = #expect(throws: RedisURL.Problem.self) { try RedisURL(text) }
        let start = text.hasPrefix("redis://ann:") ? "redis://ann:***@" : text
        #expect(problem?.reason.hasPrefix(start) == true)
        #expect(problem?.reason.contains(part) == true, "\(problem?.reason ?? "")")
    }

    @Test(
        arguments: [
            ("redis://ann:secret@h:1/2", "redis://ann:***@h:1/2"),
            ("redis://:a@secret@h", "redis://:***@h"),
            ("redis://ann:secret@h:x", "redis://ann:***@h:x"),
            ("unix://ann:secret@/r", "unix://ann:***@/r"),
            ("redis://h", "redis://h"), ("unix:/a@b:c", "unix:/a@b:c"),
        ])
    func `a password is never shown`(text: String, shown: String) {
        do {
            #expect(try RedisURL(text).description == shown)
        } catch {
            #expect(error.reason.hasPrefix(shown))
            #expect(!error.reason.contains("secret"))
        }
    }

    @Test func `the path of a socket fits its address`() throws {
        let longest = "/" + String(repeating: "a", count: 106)
        #expect(try RedisURL("unix:" + longest).place == .local(longest))
        #expect(throws: RedisURL.Problem.self) { try RedisURL("unix:" + longest + "a") }
    }
}
