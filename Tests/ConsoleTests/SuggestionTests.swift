import Console
import Testing

@Suite struct SuggestionTests {
    private static let words = ["serve", "chat", "doctor", "broadcast", "--port", "HUBBUB_PORT"]

    @Test(arguments: [
        ("broadcats", "broadcast"), ("serv", "serve"), ("Doctor", "doctor"), ("caht", "chat"),
        ("HUBBUB_PROT", "HUBBUB_PORT"), ("--prot", "--port"),
    ])
    func `a slip of the fingers is understood`(typed: String, meant: String) {
        #expect(Suggestion.nearest(to: typed, in: Self.words) == meant)
    }

    @Test(arguments: ["", "x", "surf the web", "ping", String(repeating: "chat", count: 100)])
    func `another word is not`(typed: String) {
        #expect(Suggestion.nearest(to: typed, in: Self.words) == nil)
    }
}
