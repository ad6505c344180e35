import Chat
import GRDB
import Testing

@testable import ChatStore

@Suite struct LineArchiveTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `all rooms come once, in the order of their names`() throws {
        let store = StoreHarness(directory)
        let rooms = try (0..<600).map { try RoomName($0) }
        _ = try store.append(rooms.map { .line("a", room: $0) })
        var names: [RoomName] = []
        try LineArchive(directory: directory.path).forEachRoom { names.append($0.name) }
        #expect(names.map(\.text) == rooms.map(\.text).sorted())
    }

    @Test func `lines come around those that are gone`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...9))
        try directory.edit { try $0.execute(sql: "DELETE FROM line WHERE seq IN (1, 4, 5, 9)") }
        let archive = try LineArchive(directory: directory.path)
        let room = try #require(try archive.room(.lobby))
        #expect((room.oldest, room.last) == (1, 9))
        var (next, found) = (UInt64(1), [UInt64]())
        while next <= room.last {
            let page = try archive.page(of: .lobby, from: next, through: room.last)
            found += page.lines.map(\.seq)
            try #require(page.through >= next)
            next = page.through + 1
        }
        #expect(found == [2, 3, 6, 7, 8])
        #expect(try archive.room(RoomName(1)) == nil)
    }
}
