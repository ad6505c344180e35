/// A line of input that is a command of a moderator, as Twitch's users know them.
public enum SlashCommand: Equatable, Sendable {
    case command(ModerationCommand)
    /// Show the lines that wait, or all commands.
    case held
    case help
    /// Words are missing. Carries the form.
    case incomplete(String)

    /// Nil if the text isn't one. It is a line to say then.
    public init?(_ text: String, in place: SlashPlace) {
        guard text.first == "/" else { return nil }
        let name = text.dropFirst().prefix { $0.isASCII && $0.isLowercase }
        let rest = text.dropFirst(1 + name.count)
        guard rest.first?.isWhitespace ?? true else { return nil }
        guard let form = SlashForm(String(name)) else { return nil }
        var words = SlashWords(rest, in: place)
        self = form.read(&words) ?? .incomplete("write /\(name) \(form.words)")
    }

    /// All commands with their words.
    public static var list: String {
        SlashForm.allCases.map { form in
            form.words.isEmpty ? "/\(form.rawValue)" : "/\(form.rawValue) \(form.words)"
        }.joined(separator: ", ")
    }
}
