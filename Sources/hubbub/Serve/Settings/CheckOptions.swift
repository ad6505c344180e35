internal import ArgumentParser
internal import Chat

/// Whether lines are checked by somebody outside before they are said.
struct CheckOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "check-url", placeholder: "url",
            what: "Address that is asked about each line before it is said",
            accepted: "an https or http URL", fallback: nil, fallbackText: "none",
            parse: { WebhookMap.isURL($0) ? .some($0) : nil }
        ).example("http://127.0.0.1:9000/check").fixed)
    var url: Given<String?>

    @Option(
        Setting(
            flag: "check-secret-file", placeholder: "file",
            what: "File with the secret that the questions are signed with",
            accepted: "a file", fallback: nil, fallbackText: "they aren't signed",
            parse: { $0.isEmpty ? nil : .some($0) }
        ).example("/etc/hubbub/check-secret").fixed)
    var secretFile: Given<String?>

    @Option(
        Setting(
            flag: "check-timeout", placeholder: "seconds",
            what: "For the answer about a line to arrive", accepted: "0.01 to 30",
            fallback: 2_000, fallbackText: "2",
            parse: { text in
                Unit.seconds.parse(text).flatMap { (10...30_000).contains($0) ? $0 : nil }
            }, defaultText: "2"
        ).fixed)
    var timeout: Given<Int>

    @Option(
        Setting(
            flag: "check-failure", placeholder: "kind",
            what: "What becomes of a line without an answer",
            accepted: "allow (it is said), hold (a moderator decides) or refuse",
            fallback: .allow, fallbackText: "allow",
            parse: { CheckFailure(rawValue: $0) }
        ).fixed)
    var failure: Given<CheckFailure>
}
