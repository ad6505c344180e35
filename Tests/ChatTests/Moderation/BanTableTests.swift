import Chat
import Testing

/// Look-ups of bans. What the commands do is tested on the whole server.
@Suite struct BanTableTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let go = RoomName("go")

    private func ban(
        _ rev: UInt64, _ target: BanTarget, timeout: Bool = false, seconds: Int64? = nil,
        rank: Badge = .moderator
    ) -> Ban {
        Ban(
            rev: rev, target, isTimeout: timeout, time: start,
            end: seconds.map { Timestamp(milliseconds: start.milliseconds + $0 * 1_000) },
            reason: "", by: "mod", rank: rank)
    }

    private func user(_ sub: String, _ badge: Badge? = nil) -> Visitor {
        Visitor(user: sub, username: sub, origin: .unknown, badge: badge)
    }

    @Test func `a later ban takes the place of an earlier one`() {
        var table = BanTable()
        let target = BanTarget(.user, user: "u")
        let (short, long) = (ban(1, target, seconds: 10), ban(2, target))
        table.add(short, in: .lobby)
        table.add(long, in: .lobby)
        #expect(table.count == 1)
        // The earlier one isn't there any more.
        table.remove(short, in: .lobby)
        #expect(table.ban(of: user("u"), in: .lobby, at: start)?.code == .banned)
        table.remove(long, in: .lobby)
        #expect(table.isEmpty)
        #expect(table.ban(of: user("u"), in: .lobby, at: start) == nil)
    }

    @Test func `a ban holds in its room, or everywhere, for those below its author`() throws {
        var table = BanTable()
        let go = try #require(go)
        table.add(ban(1, BanTarget(.user, user: "u")), in: .lobby)
        #expect(table.ban(of: user("u"), in: go, at: start) == nil)
        table.add(ban(1, BanTarget(.user, user: "u")), in: .everywhere)
        #expect(table.ban(of: user("u"), in: go, at: start) != nil)
        #expect(table.ban(of: user("u", .vip), in: go, at: start) != nil)
        #expect(table.ban(of: user("u", .moderator), in: go, at: start) == nil)
        table.add(ban(2, BanTarget(.user, user: "u"), rank: .owner), in: .everywhere)
        #expect(table.ban(of: user("u", .moderator), in: go, at: start) != nil)
        #expect(table.ban(of: user("u", .owner), in: go, at: start) == nil)
    }

    @Test func `bans and timeouts end`() {
        var table = BanTable()
        table.add(ban(1, BanTarget(.user, user: "u"), seconds: 10), in: .lobby)
        table.add(ban(2, BanTarget(.user, user: "u"), timeout: true, seconds: 5), in: .lobby)
        let (before, after) = (
            Timestamp(milliseconds: start.milliseconds + 4_999),
            Timestamp(milliseconds: start.milliseconds + 10_000)
        )
        #expect(table.hasTimeouts(in: .lobby))
        #expect(table.timeout(of: user("u"), in: .lobby, at: before)?.retryAfter == 1)
        #expect(table.ban(of: user("u"), in: .lobby, at: before) != nil)
        #expect(table.timeout(of: user("u"), in: .lobby, at: after) == nil)
        #expect(table.ban(of: user("u"), in: .lobby, at: after) == nil)
    }

    @Test(arguments: [true, false])
    func `the table and the ban itself mean the same visitors`(isTimeout: Bool) {
        let names = ["Ann", "ann", "bob", "Änn", "änn"]
        let origins = [0, 1, 2].flatMap { block in
            [7, 8].map { Origin(block: block, connection: $0) }
        }
        var visitors: [Visitor] = []
        for name in names + [nil] as [String?] {
            for user in [nil, "ann", "u"] as [String?] {
                for origin in origins {
                    visitors.append(Visitor(user: user, username: name, origin: origin))
                }
            }
        }
        let targets = [
            BanTarget(.user, user: "ann"), BanTarget(.name, username: "ANN"),
            BanTarget(.name, username: "ÄNN"),
            BanTarget(.guest, username: "Ann", origin: Origin(block: 1, connection: 7)),
            BanTarget(.guest, username: "Ann", origin: Origin(block: 0, connection: 7)),
            BanTarget(.block, username: "Ann", origin: Origin(block: 2, connection: 7)),
        ]
        for target in targets {
            var table = BanTable()
            let ban = ban(1, target, timeout: isTimeout, seconds: 60)
            table.add(ban, in: .lobby)
            for visitor in visitors {
                let found =
                    isTimeout
                    ? table.timeout(of: visitor, in: .lobby, at: start)
                    : table.ban(of: visitor, in: .lobby, at: start)
                #expect((found != nil) == ban.meets(visitor), "\(target) \(visitor)")
            }
        }
    }
}
