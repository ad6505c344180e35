import Chat
import ChatClient
import Testing

@Suite struct ClientCommandTests {
    private static let texts = ["hi", "", "\"\\/\u{0}\u{1F}\u{7F}", "ü😀\u{2028}\r\n", "</script>"]

    @Test(arguments: texts)
    func `the server reads a command as it was sent`(text: String) throws {
        let room = try #require(RoomName("go.1_2-3"))
        let (name, id) = (room.text, "00000000-0000-4000-8000-000000000000")
        let cases: [(ClientCommand, Command)] = [
            (
                .join(room: name, username: text, .history(0), id: id),
                .join(room: room, username: text, start: .last(0))
            ),
            (
                .join(room: name, username: "ann", .after(epoch: "k3v9", seq: 41), id: id),
                .join(room: room, username: "ann", start: .resume(epoch: "k3v9", seq: 41))
            ),
            (.leave(room: name, id: id), .leave(room: room)),
            (
                .message(room: name, text: text, id: id),
                .message(room: room, message: text, username: nil)
            ),
            (
                .history(room: name, before: 9_007_199_254_740_993, limit: 200, id: id),
                .history(room: room, before: 9_007_199_254_740_993, limit: 200)
            ),
            (.members(room: name, id: id), .members(room: room)),
        ]
        for (said, wanted) in cases {
            let bytes = said.text
            let read = Command.parse(bytes.span)
            #expect(read.id == id)
            #expect(read.command == .success(wanted))
        }
    }
}
