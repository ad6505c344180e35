internal import Chat
internal import Webhooks

/// How lines are checked.
struct CheckSettings {
    /// Bytes of a file with a secret.
    private static let secretLimit = 4_096

    let url: String
    private let secretFile: Given<String?>
    /// Milliseconds.
    let timeout: Int
    let failure: CheckFailure

    /// Nil if lines aren't checked.
    init?(_ options: CheckOptions, _ reading: inout SettingsReading) {
        timeout = reading.value(of: options.timeout)
        failure = reading.value(of: options.failure)
        let url = reading.value(of: options.url)
        secretFile = options.secretFile
        _ = reading.value(of: secretFile)
        guard let url else { return nil }
        self.url = url
    }

    /// The secret that questions are signed with. Nil if they aren't.
    func secret() throws(Complaint) -> WebhookSecret? {
        guard let path = try secretFile.value() else { return nil }
        guard let content = try? SystemCalls.readFile(path, limit: Self.secretLimit) else {
            throw secretFile.complaint("it can't be read; give a file that you may read")
        }
        let text = String(decoding: content, as: UTF8.self).trimmedOfNewlines
        guard let secret = WebhookSecret(text) else {
            throw secretFile.complaint("it has no secret; write \(WebhookSecret.form) into it")
        }
        return secret
    }
}

extension String {
    /// Without newlines at its end.
    fileprivate var trimmedOfNewlines: String {
        String(self[..<(lastIndex { !$0.isNewline }.map { index(after: $0) } ?? startIndex)])
    }
}
