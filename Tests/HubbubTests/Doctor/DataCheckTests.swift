import Chat
import ChatStore
import Testing

@testable import hubbub

/// Checks of made-up facts about the clock, the disk, permissions, the database and certificates.
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

    @Test(
        arguments: [
            ({ $0.disk?.kind = .network }, .unfit, "network", "--data"),
            ({ $0.disk?.kind = .overlay }, .doubtful, "container", "volume"),
            ({ $0.disk?.kind = .memory }, .doubtful, "memory", "--data"),
            ({ $0.disk?.freeBytes = 63 << 20 }, .unfit, "63 of 102400, 64 needed", "free some"),
            ({ $0.historyBytes = 60 << 30 }, .unfit, "needed", "--max-history-bytes"),
            ({ $0.disk?.freeBytes = 4 << 30 }, .doubtful, "less than 5 %", "fills the disk"),
            ({ $0.disk?.freeFiles = 63 }, .unfit, "63 of 1000", "delete files"),
            ({ $0.directory?.mode = 0o777 }, .unfit, "everybody", "chmod 700 '/data'"),
            ({ $0.directory?.mode = 0o755 }, .doubtful, "mode 755", "chmod 700 '/data'"),
            ({ $0.directory?.kind = .regular }, .unfit, "not a directory", "--data"),
            ({ $0.user = 8 }, .doubtful, "you are user 8", "daemon's user"),
            ({ $0.files[0].mode = 0o640 }, .unfit, "mode 640", "chmod 600 '/data/hubbub.db'"),
            ({ $0.files[0].owner = 0 }, .unfit, "of user 0", "chown 7 '/data/hubbub.db'"),
            ({ $0.files[0].kind = .other }, .unfit, "a link", "move it away"),
            ({ $0.database.standing = .damaged("page 7") }, .unfit, "page 7", "restore"),
            ({ $0.database.standing = .refused("newer") }, .unfit, "this program", "newer"),
            ({ $0.database.standing = .unreadable("no") }, .unfit, "can't be read", "no"),
            ({ $0.database.isSuspect = true }, .doubtful, "damaged in use", "next start"),
            ({ $0.database.walBytes = 300 << 20 }, .doubtful, "300", "end it"),
            ({ $0.database.holdsStamp = false }, .doubtful, "earlier time", "new epoch"),
        ] as [(@Sendable (inout DataFacts) -> Void, CheckStanding, String, String)])
    func `what isn't fit is named with its remedy`(
        change: @Sendable (inout DataFacts) -> Void, standing: CheckStanding, text: String,
        remedy: String
    ) throws {
        let checks = found(change)
        let check = try #require(checks.first)
        #expect(checks.count == 1, "\(checks)")
        #expect(check.standing == standing)
        #expect(check.found.contains(text), "\(check)")
        #expect(check.remedy.contains(remedy), "\(check)")
        #expect(check.isFit == (standing == .doubtful))
    }

    @Test(
        arguments: [
            {
                $0.directory = nil
                $0.files = []
                $0.database = DatabaseFacts(standing: .absent)
            },
            { $0.directory?.mode = 0o1777 & 0o1700 }, { $0.user = 0 }, { $0.holder = nil },
            { $0.disk = nil },
            {
                $0.disk?.files = 0
                $0.disk?.freeFiles = 0
            },
            { $0.database.standing = .unfinished }, { $0.database.version = 2 },
            { $0.database.holdsStamp = nil },
        ] as [@Sendable (inout DataFacts) -> Void])
    func `what only isn't there yet, or can't be read, is no fault`(
        change: @Sendable (inout DataFacts) -> Void
    ) {
        #expect(found(change) == [])
    }

    @Test(
        arguments: [
            (now, true, nil, []), (now, false, nil, [.doubtful]), (now, nil, nil, []),
            (Timestamp(milliseconds: 0), true, nil, [.unfit]),
            (Timestamp(milliseconds: 5_000_000_000_000), true, nil, [.unfit]),
            (now, true, 59_999, []), (now, true, 60_001, [.unfit]), (now, true, -60_001, []),
        ] as [(Timestamp, Bool?, Int64?, [CheckStanding])])
    func `a clock that is wrong is named`(
        time: Timestamp, isSynchronized: Bool?, ahead: Int64?, expected: [CheckStanding]
    ) {
        let clock = ClockFacts(now: time, isSynchronized: isSynchronized)
        let newest = ahead.map { Timestamp(milliseconds: time.milliseconds + $0) }
        let standings = ClockCheck.all(of: clock, newest: newest).map(\.standing)
        #expect(standings.filter { $0 != .fit } == expected)
    }

    private static let day: Int64 = 86_400
    private static let good = CertificateFacts.Sound(
        names: ["a.example"], validFrom: 0, validUntil: now.milliseconds / 1_000 + 31 * day)

    @Test(
        arguments: [
            ({ _ in }, nil, ""),
            ({ $0.validUntil -= 2 * day }, .doubtful, "renewed"),
            ({ $0.validUntil -= 18 * day }, .unfit, "renew /c"),
            ({ $0.validUntil -= 32 * day }, .unfit, "renew /c now"),
            ({ $0.validFrom = $0.validUntil - 1 }, .unfit, "clock"),
            ({ $0.names = [] }, .unfit, "subjectAltName"),
        ] as [(@Sendable (inout CertificateFacts.Sound) -> Void, CheckStanding?, String)])
    func `a certificate that ends soon, or is for nobody, is named`(
        change: @Sendable (inout CertificateFacts.Sound) -> Void, standing: CheckStanding?,
        remedy: String
    ) {
        var sound = Self.good
        change(&sound)
        let facts = CertificateFacts(
            certificate: "/c", key: "/k", content: .sound(sound), keyMode: 0o640)
        let checks = CertificateCheck.all(of: facts, now: Self.now)
        let wrong = checks.filter { $0.standing != .fit }
        #expect(wrong.map(\.standing) == (standing.map { [$0] } ?? []))
        #expect(wrong.allSatisfy { $0.remedy.contains(remedy) })
    }

    @Test func `a pair that can't be used, and a key for everybody, are named`() {
        var facts = CertificateFacts(
            certificate: "/c", key: "/k", content: .faulty("why"), keyMode: nil)
        #expect(CertificateCheck.all(of: facts, now: Self.now).map(\.remedy) == ["why"])
        (facts.content, facts.keyMode) = (.sound(Self.good), 0o644)
        let wrong = CertificateCheck.all(of: facts, now: Self.now).filter { !$0.isFit }
        #expect(wrong.map(\.remedy) == ["chmod o-rwx '/k'"])
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
