import Chat
import GRDB
import Testing

@testable import ChatStore

@Suite struct EpochTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func machine(boot: String?) -> Machine {
        var machine = Machine.quick
        machine.bootID = { boot }
        return machine
    }

    /// Puts the closed database into the state that the death of its process would have left.
    private func unclose() throws {
        try directory.edit { try $0.execute(sql: "UPDATE run SET clean = 0") }
    }

    struct Life: CustomTestStringConvertible {
        let boot: String?
        let isClean: Bool
        let durability: Durability
        let goesOn: Bool

        var testDescription: String {
            "boot \(boot ?? "unknown"), clean \(isClean), \(durability)"
        }
    }

    @Test(arguments: [
        Life(boot: "first", isClean: true, durability: .process, goesOn: true),
        Life(boot: "first", isClean: true, durability: .power, goesOn: true),
        Life(boot: "first", isClean: false, durability: .process, goesOn: true),
        Life(boot: "first", isClean: false, durability: .power, goesOn: true),
        Life(boot: "second", isClean: true, durability: .process, goesOn: true),
        Life(boot: "second", isClean: true, durability: .power, goesOn: true),
        Life(boot: "second", isClean: false, durability: .process, goesOn: false),
        Life(boot: "second", isClean: false, durability: .power, goesOn: true),
        Life(boot: nil, isClean: true, durability: .process, goesOn: true),
        Life(boot: nil, isClean: false, durability: .process, goesOn: false),
        Life(boot: nil, isClean: false, durability: .power, goesOn: true),
    ])
    func `the boot, a clean end and the durability decide on the epoch`(_ life: Life) throws {
        let first = StoreHarness(directory, durability: life.durability)
        let epoch = try first.ready().epoch
        _ = try first.append(Draft.lines(1...3))
        #expect(first.store.close())
        if !life.isClean { try unclose() }

        // The durability of the run that ended counts, not that of the next one.
        for durability in Durability.allCases.reversed() {
            let copy = try TemporaryDirectory()
            try directory.copy(to: copy)
            let second = StoreHarness(
                copy, durability: durability, machine: machine(boot: life.boot))
            let next = try second.ready().epoch
            #expect((next == epoch) == life.goesOn)
            let ends = life.goesOn ? [] : [EpochEnd(epoch: epoch, seq: 3)]
            #expect(try second.follow() == second.snapshot(lastSeq: 3, oldest: 1, ends: ends))
            #expect(try second.append([.line("4")]) == [4])
            #expect(try second.follow() == second.snapshot(lastSeq: 4, oldest: 1, ends: ends))
        }
    }

    @Test func `a new database has a new epoch`() throws {
        let other = try TemporaryDirectory()
        let epoch = try StoreHarness(directory).ready().epoch
        #expect(try StoreHarness(other).ready().epoch != epoch)
    }

    @Test func `a run isn't clean until it is closed`() throws {
        let store = StoreHarness(directory)
        _ = try store.ready()
        let sql = "SELECT clean FROM run"
        #expect(try directory.edit { try Bool.fetchOne($0, sql: sql) } == false)
        #expect(store.store.close())
        #expect(try directory.edit { try Bool.fetchOne($0, sql: sql) } == true)
        let name = SQLiteStore.fileName
        #expect(try directory.names == [name, "\(name)-stamp"])
    }

    @Test func `a room knows where each epoch ended, with lines or without`() throws {
        let (one, two) = (try RoomName(1), try RoomName(2))
        var epochs: [Epoch] = []
        for (number, rooms) in [[one], [], [two, two], [one, two]].enumerated() {
            let store = StoreHarness(directory, machine: machine(boot: "\(number)"))
            epochs.append(try store.ready().epoch)
            _ = try store.append(rooms.map { .line("x", room: $0) })
            store.store.close()
            try unclose()
        }
        let store = StoreHarness(directory, machine: machine(boot: "last"))
        let last = try store.ready().epoch
        #expect(Set(epochs + [last]).count == 5)
        #expect(try store.follow(one)?.epoch == last)
        func ends(_ numbers: [UInt64]) -> [EpochEnd] {
            zip(epochs, numbers).map { EpochEnd(epoch: $0, seq: $1) }
        }
        let ofOne = try store.snapshot(lastSeq: 2, oldest: 1, ends: ends([1, 1, 1, 2]))
        let ofTwo = try store.snapshot(lastSeq: 3, oldest: 1, ends: ends([0, 0, 2, 3]))
        #expect(try store.follow(one) == ofOne)
        #expect(try store.follow(two) == ofTwo)
        #expect(
            try store.follow(RoomName(3))
                == store.snapshot(lastSeq: 0, oldest: 1, ends: ends([0, 0, 0, 0])))
    }

    @Test func `only the last epochs are remembered`() throws {
        var epochs: [Epoch] = []
        for number in 1...UInt64(OpenDatabase.earlierEpochs) + 3 {
            let store = StoreHarness(directory, machine: machine(boot: "\(number)"))
            epochs.append(try store.ready().epoch)
            #expect(try store.append([.line("x")]) == [number])
            store.store.close()
            try unclose()
        }
        let store = StoreHarness(directory, machine: machine(boot: "last"))
        let ends = zip(epochs, 1...).map { EpochEnd(epoch: $0, seq: $1) }
            .suffix(Int(OpenDatabase.earlierEpochs))
        #expect(try store.follow()?.ends == Array(ends))
    }
}
