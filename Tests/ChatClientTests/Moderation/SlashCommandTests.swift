import Testing

@testable import ChatClient

@Suite struct SlashCommandTests {
    /// Lines of bob and of Mad Max, ours, a change, and a held line.
    private var place: SlashPlace {
        var place = SlashPlace()
        for (seq, name) in [(7, "bob"), (8, "Mad Max"), (9, "Mad"), (41, "ann"), (50, "cy")] {
            place.saw(
                .init(room: "go", seq: UInt64(seq), time: "", username: name, message: ""))
        }
        place.saw(
            .init(room: "go", seq: 51, time: "", username: "go", message: "", role: "system"))
        (place.ownLine, place.change) = (41, 9)
        place.held = [.init(room: "go", held: "h1", username: "eve", message: "hm", why: nil)]
        return place
    }

    private func fields(_ text: String) -> [String: ModerationCommand.Value]? {
        guard case .command(let command)? = SlashCommand(text, in: place) else { return nil }
        return command.fields
    }

    @Test(
        arguments: [
            ("/ban bob", "ban", ["by_line": .number(7)]),
            (
                "/ban @bob  spam, again", "ban",
                ["by_line": .number(7), "reason": .text("spam, again")]
            ),
            ("/ban eve", "ban", ["username": .text("eve")]),
            ("/ban go", "ban", ["username": .text("go")]),
            ("/ban Mad Max spam", "ban", ["by_line": .number(8), "reason": .text("spam")]),
            ("/ban \"bob\" spam", "ban", ["by_line": .number(7), "reason": .text("spam")]),
            ("/timeout bob", "timeout", ["by_line": .number(7), "seconds": .number(600)]),
            (
                "/timeout bob 1h spam", "timeout",
                ["by_line": .number(7), "seconds": .number(3_600), "reason": .text("spam")]
            ),
            ("/untimeout bob", "unban", ["username": .text("bob")]),
            ("/delete", "delete", ["seq": .number(41)]),
            ("/delete bob", "delete", ["seq": .number(7)]),
            ("/delete 7, 8", "delete", ["seqs": .numbers([7, 8])]),
            ("/clear", "purge", ["from": .number(1), "to": .number(51)]),
            ("/clear 90s", "purge", ["last_minutes": .number(2)]),
            ("/clear bob", "purge", ["by_line": .number(7)]),
            ("/slow", "settings", ["slow_seconds": .number(30)]),
            ("/slow 5", "settings", ["slow_seconds": .number(5)]),
            ("/slowoff", "settings", ["slow_seconds": .number(0)]),
            ("/members", "settings", ["members_only": .flag(true)]),
            ("/membersoff", "settings", ["members_only": .flag(false)]),
            ("/followers 1h", "settings", ["known_minutes": .number(60)]),
            ("/uniquechat", "settings", ["unique": .flag(true)]),
            ("/linksoff", "settings", ["links": .flag(false)]),
            ("/freeze", "settings", ["frozen": .flag(true)]),
            ("/hold 20", "settings", ["hold_seconds": .number(20)]),
            ("/pin 3", "settings", ["pinned": .number(3)]),
            ("/unpin", "settings", ["pinned": .null]),
            ("/announce Hello, all", "announce", ["message": .text("Hello, all")]),
            ("/block bad word", "terms", ["add": .term("bad word", action: "block")]),
            ("/review /b.d/", "terms", ["add": .term("/b.d/", action: "hold")]),
            ("/allow bad", "terms", ["remove": .texts(["bad"])]),
            ("/shield", "panic", ["on": .flag(true)]),
            ("/panicoff", "panic", ["on": .flag(false)]),
            ("/undo", "undo", ["rev": .number(9)]),
            ("/undo 4", "undo", ["rev": .number(4)]),
            ("/approve", "approve", ["held": .text("h1")]),
            ("/reject h2", "reject", ["held": .text("h2")]),
            ("/log", "modlog", ["limit": .number(20)]),
        ] as [(String, String, [String: ModerationCommand.Value])])
    func `a command has its fields`(
        text: String, type: String, fields: [String: ModerationCommand.Value]
    ) {
        guard case .command(let command)? = SlashCommand(text, in: place) else {
            Issue.record("\(text) is no command")
            return
        }
        #expect(command.type == type)
        #expect(command.fields == fields)
    }

    @Test(arguments: ["/ban", "/timeout ", "/announce", "/block", "/delete eve", "/unban"])
    func `words may be missing`(text: String) {
        guard case .incomplete(let form)? = SlashCommand(text, in: place) else {
            Issue.record("\(text) lacks nothing")
            return
        }
        #expect(form.hasPrefix("write /"))
    }

    @Test(arguments: ["hi", "", "/", "/shrug", "/home/ann", "/ Ban", "/BAN bob", "//ban bob"])
    func `other lines are said`(text: String) {
        #expect(SlashCommand(text, in: place) == nil)
    }

    @Test func `help lists all`() {
        #expect(SlashCommand("/help", in: place) == .help)
        #expect(SlashCommand("/held", in: place) == .held)
        #expect(SlashCommand.list.contains("/timeout NAME [10m] [REASON]"))
    }

    @Test func `a line that was said by nobody counts only as the last one`() {
        #expect(fields("/pin") == ["pinned": .number(51)])
    }
}
