import Chat
import Testing

@testable import ChatStore

@Suite(.enabled(if: SmallDisk.canBeHad))
struct DiskTests {
    let disk: SmallDisk

    init() throws {
        disk = try SmallDisk()
    }

    /// Lines that take about 100 KiB.
    private let lines = (1...10).map { _ in Draft.line(String(repeating: "x", count: 10_000)) }

    @Test func `a store on a full disk loses no number, can be read, and recovers`() throws {
        let store = StoreHarness(disk.directory)
        #expect(try store.append(lines) == Array(1...10))
        try disk.fill()
        // Lines that fit into the WAL may still be stored.
        var last: UInt64 = 10
        while let numbers = try store.append(lines) {
            #expect(numbers == Array(last + 1...last + 10))
            last += 10
        }
        #expect(try store.failing().contains("no space left on the device"))
        #expect(try store.append(lines) == nil)
        #expect(try store.follow() == store.snapshot(lastSeq: last, oldest: 1))
        #expect(try store.page(from: 10, through: 10)?.lines.map(\.seq) == [10])
        try disk.empty()
        try store.recovered()
        #expect(try store.append([.line("a")]) == [last + 1])
        #expect(try store.page(from: last + 1)?.lines.map(\.message) == ["a"])
        store.store.close()
    }

    @Test func `a store on a disk that is full at the start opens once there is space`() throws {
        try disk.fill()
        let store = StoreHarness(disk.directory)
        _ = try store.failing()
        #expect(try store.append([.line("a")]) == nil)
        #expect(try store.follow() == nil)
        try disk.empty()
        _ = try store.ready()
        #expect(try store.append([.line("a")]) == [1])
        #expect(try store.follow() == store.snapshot(lastSeq: 1, oldest: 1))
        store.store.close()
    }

    @Test func `a file that can only be read is read, and written once it can be`() throws {
        let first = StoreHarness(disk.directory)
        let epoch = try first.ready().epoch
        _ = try first.append(Draft.lines(1...3))
        first.store.close()
        #expect(disk.protect(true))

        let store = StoreHarness(disk.directory)
        #expect(try store.failing().contains(disk.directory.database))
        #expect(try store.append([.line("a")]) == nil)
        #expect(try store.follow() == RoomSnapshot(epoch: epoch, lastSeq: 3, oldest: 1))
        #expect(try store.page()?.lines.map(\.message) == ["1", "2", "3"])

        #expect(disk.protect(false))
        #expect(try store.ready().epoch == epoch)
        #expect(try store.append([.line("4")]) == [4])
        #expect(try store.page()?.lines.map(\.message) == ["1", "2", "3", "4"])
        store.store.close()
    }
}
