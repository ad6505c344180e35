import Chat
import ChatServer
import Testing

@testable import hubbub

@Suite struct PrecedenceTests {
    @Test func `a flag beats the file, which beats the default`() throws {
        let reading = FileReading("port: 81\nmax-rooms: 3\nallow-origin: [https://a, https://b]\n")
        let settings = try reading.settings(["--max-rooms", "4"])
        #expect(settings.port == 81)
        #expect(settings.limits.chat.rooms == 4)
        #expect(settings.origins == ["https://a", "https://b"])
        #expect(settings.limits.messageBytes == 65_536)
        #expect(try reading.settings(["--allow-origin", "https://c"]).origins == ["https://c"])
    }

    @Test func `a room's log has a limit only if it was set`() throws {
        #expect(try FileReading("port: 81").settings().limits.roomLogsGrow)
        #expect(try !FileReading("room-log-bytes: 1MiB").settings().limits.roomLogsGrow)
    }

    @Test func `a setting without an effect is told with its place`() throws {
        let settings = try FileReading("history: none\nretain-days: 5\n").settings()
        #expect(
            settings.idle == [
                "f:2:14: retain-days: 5 has no effect: nothing is kept with --history none"
            ])
    }
}
