internal import ChatClient

extension Conversation {
    /// Takes lines from the input while the session has room. A command waits for the lines before
    /// it, because it may be about them.
    mutating func takeInput() {
        while phase == .talking, session.hasRoom {
            if let text = delayed {
                guard session.isIdle, session.isInside(settings.room) else { return }
                delayed = nil
                obey(text)
                continue
            }
            guard let line = input.next() else { return }
            if session.isIdle { waitingSince = now }
            switch line {
            case .refused(let number, let reason):
                refusedLines += 1
                display.warning("line \(number) of the input was not sent: \(reason)")
            case .text(let text):
                if settings.takesCommands, SlashCommand(text, in: place) != nil {
                    delayed = text
                } else {
                    say(text)
                }
            }
        }
    }

    private mutating func say(_ text: String) {
        guard !text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else { return }
        let isEscaped =
            settings.takesCommands && text.hasPrefix("//")
            && SlashCommand(String(text.dropFirst()), in: place) != nil
        session.say(
            isEscaped ? String(text.dropFirst()) : text, in: settings.room, using: &random)
    }
}
