import Chat
import ChatStore
import Testing

@testable import hubbub

/// Checks of made-up facts about the configuration, the clock, the disk, permissions and the
/// database.
@Suite struct DataCheckTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private static var sound: DatabaseFacts {
        var facts = DatabaseFacts(standing: .sound)
        (facts.bytes, facts.version, facts.currentVersion, facts.holdsStamp) = (1 << 20, 3, 3, true)
        return facts
    }

    private static var fit: DataFacts {
        DataFacts(
            path: "/data", user: 7,
            directory: FileFacts(path: "/data", kind: .directory, owner: 7, mode: 0o700),
            files: [FileFacts(path: "/data/hubbub.db", kind: .regular, owner: 7, mode: 0o600)],
            disk: DiskFacts(bytes: 100 << 30, freeBytes: 50 << 30, files: 1_000, freeFiles: 900),
            holder: 42, database: sound)
    }

    /// What isn't fit, with all facts about the data changed by `change`.
    private func found(_ change: (inout DataFacts) -> Void) -> [HostCheck] {
        var host = HostFacts(data: Self.fit)
        if host.data != nil { change(&host.data!) }
        return HostCheck.others(of: host).filter { $0.standing != .fit }
    }

    @Test func `a directory that is fit needs nothing`() {
        #expect(found { _ in } == [])
        let texts = HostCheck.others(of: HostFacts(data: Self.fit)).map(\.text)
        #expect(texts.contains("ok  data directory is used by: process 42"))
    }

    /// A change of the facts, and what is said of it.
    struct Fault: Sendable {
        let standing: CheckStanding
        let text: String
        let remedy: String
        let change: Change

        init(
            _ standing: CheckStanding, _ text: String, _ remedy: String, _ change: @escaping Change
        ) {
            (self.standing, self.text, self.remedy, self.change) = (standing, text, remedy, change)
        }
    }

    static let faults: [Fault] = [
        Fault(.unfit, "network", "--data") { (facts: inout DataFacts) in facts.disk?.kind = .network
        },
        Fault(.doubtful, "container", "volume") { (facts: inout DataFacts) in
            facts.disk?.kind = .overlay
        },
        Fault(.doubtful, "memory", "--data") { (facts: inout DataFacts) in
            facts.disk?.kind = .memory
        },
        Fault(.unfit, "63 of 102400, 64 needed", "free some") { (facts: inout DataFacts) in
            facts.disk?.freeBytes = 63 << 20
        },
        Fault(.unfit, "needed", "--max-history-bytes") { (facts: inout DataFacts) in
            facts.historyBytes = 60 << 30
        },
        Fault(.doubtful, "less than 5 %", "fills the disk") { (facts: inout DataFacts) in
            facts.disk?.freeBytes = 4 << 30
        },
        Fault(.unfit, "63 of 1000", "delete files") { (facts: inout DataFacts) in
            facts.disk?.freeFiles = 63
        },
        Fault(.unfit, "everybody", "chmod 700 '/data'") { (facts: inout DataFacts) in
            facts.directory?.mode = 0o777
        },
        Fault(.doubtful, "mode 755", "chmod 700 '/data'") { (facts: inout DataFacts) in
            facts.directory?.mode = 0o755
        },
        Fault(.unfit, "not a directory", "--data") { (facts: inout DataFacts) in
            facts.directory?.kind = .regular
        },
        Fault(.doubtful, "you are user 8", "daemon's user") { (facts: inout DataFacts) in
            facts.user = 8
        },
        Fault(.unfit, "mode 640", "chmod 600 '/data/hubbub.db'") { (facts: inout DataFacts) in
            facts.files[0].mode = 0o640
        },
        Fault(.unfit, "of user 0", "chown 7 '/data/hubbub.db'") { (facts: inout DataFacts) in
            facts.files[0].owner = 0
        },
        Fault(.unfit, "a link", "move it away") { (facts: inout DataFacts) in
            facts.files[0].kind = .other
        },
        Fault(.unfit, "page 7", "restore") { (facts: inout DataFacts) in
            facts.database.standing = .damaged("page 7")
        },
        Fault(.unfit, "this program", "newer") { (facts: inout DataFacts) in
            facts.database.standing = .refused("newer")
        },
        Fault(.unfit, "can't be read", "no") { (facts: inout DataFacts) in
            facts.database.standing = .unreadable("no")
        },
        Fault(.doubtful, "damaged in use", "next start") { (facts: inout DataFacts) in
            facts.database.isSuspect = true
        },
        Fault(.doubtful, "300", "end it") { (facts: inout DataFacts) in
            facts.database.walBytes = 300 << 20
        },
        Fault(.doubtful, "earlier time", "new epoch") { (facts: inout DataFacts) in
            facts.database.holdsStamp = false
        },
    ]

    @Test(arguments: faults)
    func `what isn't fit is named with its remedy`(fault: Fault) throws {
        let checks = found(fault.change)
        let check = try #require(checks.first)
        #expect(checks.count == 1, "\(checks)")
        #expect(check.standing == fault.standing)
        #expect(check.found.contains(fault.text), "\(check)")
        #expect(check.remedy.contains(fault.remedy), "\(check)")
        #expect(check.isFit == (fault.standing == .doubtful))
    }

    typealias Change = @Sendable (inout DataFacts) -> Void

    static let harmless: [Change] = [
        { (facts: inout DataFacts) in
            facts.directory = nil
            facts.files = []
            facts.database = DatabaseFacts(standing: .absent)
        },
        { (facts: inout DataFacts) in facts.user = 0 },
        { (facts: inout DataFacts) in facts.holder = nil },
        { (facts: inout DataFacts) in facts.disk = nil },
        { (facts: inout DataFacts) in
            facts.disk?.files = 0
            facts.disk?.freeFiles = 0
        },
        { (facts: inout DataFacts) in facts.database.standing = .unfinished },
        { (facts: inout DataFacts) in facts.database.version = 2 },
        { (facts: inout DataFacts) in facts.database.holdsStamp = nil },
    ]

    @Test(arguments: harmless)
    func `what only isn't there yet, or can't be read, is no fault`(change: Change) {
        #expect(found(change) == [])
    }

    @Test func `each fault of a configuration is named`() {
        var facts = ConfigurationFacts(path: "/c", faults: [], notes: [])
        #expect(ConfigurationCheck.all(of: facts).map(\.standing) == [.fit])
        facts.notes = ["x has no effect"]
        #expect(ConfigurationCheck.all(of: facts).map(\.standing) == [.doubtful])
        facts.faults = ["/c:1:1: a", "/c:2:1: b"]
        let checks = ConfigurationCheck.all(of: facts)
        #expect(checks.map(\.remedy) == facts.faults)
        #expect(checks.allSatisfy { !$0.isFit })
    }

    @Test func `a clock that is wrong is named`() {
        func standings(
            _ time: Timestamp, _ isSynchronized: Bool?, ahead: Int64? = nil
        ) -> [CheckStanding] {
            let clock = ClockFacts(now: time, isSynchronized: isSynchronized)
            let newest = ahead.map { Timestamp(milliseconds: time.milliseconds + $0) }
            return ClockCheck.all(of: clock, newest: newest).map(\.standing).filter { $0 != .fit }
        }
        #expect(standings(Self.now, true) == [])
        #expect(standings(Self.now, nil) == [])
        #expect(standings(Self.now, false) == [.doubtful])
        #expect(standings(Timestamp(milliseconds: 0), true) == [.unfit])
        #expect(standings(Timestamp(milliseconds: 5_000_000_000_000), true) == [.unfit])
        #expect(standings(Self.now, true, ahead: 59_999) == [])
        #expect(standings(Self.now, true, ahead: 60_001) == [.unfit])
        #expect(standings(Self.now, true, ahead: -60_001) == [])
    }

    @Test(arguments: [
        ("/", DiskFacts.Kind.overlay), ("/var/lib/hubbub", .ordinary), ("/var/library", .overlay),
        ("/var/lib/my data/x", .network), ("/run", .memory),
    ])
    func `the file system of a path is that of the innermost mount`(
        path: String, kind: DiskFacts.Kind
    ) {
        let mounts = """
            1 0 0:1 / / rw,relatime - overlay overlay rw
            2 1 8:1 / /var/lib rw shared:1 - ext4 /dev/sda1 rw
            3 1 8:1 / /run rw - ext4 /dev/sda2 rw
            4 1 0:5 / /run rw - tmpfs tmpfs rw
            5 2 0:6 / /var/lib/my\\040data rw - nfs4 server:/x rw
            """
        #expect(DiskFacts.Kind(of: path, mounts: mounts) == kind)
    }

    @Test func `the holder of a lock is told by its file`() {
        let text = """
            1: POSIX  ADVISORY  WRITE 11 fe:00:17 0 EOF
            2: FLOCK  ADVISORY  WRITE 12 fe:01:17 0 EOF
            3: -> FLOCK  ADVISORY  WRITE 13 fe:00:18 0 EOF
            4: FLOCK  ADVISORY  WRITE 14 fe:00:17 0 EOF
            """
        #expect(LockHolder.process(of: (0xFE, 0, 17), in: text) == 14)
        #expect(LockHolder.process(of: (0xFE, 1, 17), in: text) == 12)
        #expect(LockHolder.process(of: (0xFE, 1, 18), in: text) == nil)
        #expect(LockHolder.process(of: (0xFE, 1, 18), in: "") == nil)
    }
}
