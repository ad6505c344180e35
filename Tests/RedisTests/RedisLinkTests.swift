import Redis
import TestSupport
import Testing

@Suite struct RedisLinkTests {
    @Test func `a link greets, and gives replies in order`() throws {
        let server = try RedisServer()
        let probe = try LinkProbe(
            "unix:" + server.path + "?db=3", greeting: [RedisRequest("ECHO", "hi")])
        #expect(probe.open() == [.string(Array("hi".utf8))])
        #expect(probe.reply("SET", "a", "b") == .status("OK"))
        #expect(probe.reply("GET", "a")?.text == "b")
        #expect(probe.reply("GET", "c") == .null)
        #expect(probe.reply("DBSIZE") == .integer(1))
        #expect(probe.reply("MGET", "a", "c") == .array([.string([0x62]), .null]))
        guard case .error(let reason)? = probe.reply("NONSENSE") else {
            return #expect(Bool(false), "an error")
        }
        #expect(reason.hasPrefix("ERR"))
    }

    @Test func `many requests go together, and a large one in parts`() throws {
        let server = try RedisServer()
        let probe = try LinkProbe("unix:" + server.path)
        #expect(probe.open() == [])
        let large = String(repeating: "x", count: 8 << 20)
        probe.link.send(RedisRequest("ECHO", large))
        for number in 0..<10_000 { probe.link.send(RedisRequest("ECHO", "\(number)")) }
        #expect(probe.next() == .received(.string(Array(large.utf8))))
        for number in 0..<10_000 {
            #expect(probe.next() == .received(.string(Array("\(number)".utf8))))
        }
    }

    @Test func `the user and its password are told first`() throws {
        let server = try RedisServer(
            "--user", "ann", "on", ">se:cret", "~*", "&*", "+@all", "--requirepass", "x")
        let ann = try LinkProbe("unix://ann:se%3Acret@" + server.path)
        #expect(ann.open() == [])
        #expect(ann.reply("ACL", "WHOAMI")?.text == "ann")
        let other = try LinkProbe("unix://:x@" + server.path)
        #expect(other.open() == [])
        #expect(other.reply("ACL", "WHOAMI")?.text == "default")
        let wrong = try LinkProbe("unix://ann:no@" + server.path)
        guard case .closed(let reason)? = wrong.next() else {
            return #expect(Bool(false), "it is refused")
        }
        #expect(reason.contains("WRONGPASS"))
        #expect(reason.contains("ann:***@"))
    }

    @Test func `it connects again by itself`() throws {
        let server = try RedisServer()
        let probe = try LinkProbe("unix:" + server.path)
        #expect(probe.open() == [])
        server.kill()
        guard case .closed? = probe.next() else { return #expect(Bool(false), "it is closed") }
        #expect(!probe.link.isOpen)
        // Nobody listens now.
        guard case .closed? = probe.next() else { return #expect(Bool(false), "it fails") }
        try server.start()
        #expect(probe.open() == [])
        #expect(probe.reply("PING") == .status("PONG"))
    }

    @Test func `a server that doesn't answer is given up`() throws {
        let server = try RedisServer()
        let first = try LinkProbe("unix:" + server.path)
        #expect(first.open() == [])
        server.pause()
        defer { server.resume() }
        let probe = try LinkProbe("unix:" + server.path, greeting: [RedisRequest("PING")])
        guard case .closed(let reason)? = probe.next() else {
            return #expect(Bool(false), "it is closed")
        }
        #expect(reason.contains("does not answer"))
    }

    @Test(arguments: ["redis://name.invalid", "redis://127.0.0.1:1", "redis://[::1]:1"])
    func `what can't be reached is told`(url: String) throws {
        let probe = try LinkProbe(url)
        guard case .closed(let reason)? = probe.next() else {
            return #expect(Bool(false), "it is closed")
        }
        #expect(reason.hasPrefix(url))
    }

    @Test func `a link that is closed by its owner opens again`() throws {
        let server = try RedisServer()
        let probe = try LinkProbe("unix:" + server.path)
        #expect(probe.open() == [])
        probe.link.close(at: RedisLoop.now)
        #expect(!probe.link.isOpen)
        #expect(probe.open() == [])
    }

    @Test func `a wake ends a wait`() throws {
        let loop = try RedisLoop()
        loop.wake()
        #expect(loop.wait(for: [], until: nil).isEmpty)
    }
}
