internal import Redis

/// URLs of Redis servers as people write them, separated by commas.
enum ClusterText {
    /// The URLs in a list. Nil if one of them isn't valid, or stands there twice.
    static func list(_ text: String) -> [RedisURL]? {
        let urls = text.commaList.map { try? RedisURL($0) }
        guard !urls.isEmpty, !urls.contains(nil) else { return nil }
        let all = urls.compactMap(\.self)
        return Set(all).count == all.count ? all : nil
    }

    /// What is wrong with the text. Nil if the reason is unknown.
    static func hint(_ text: String) -> String? {
        for element in text.commaList {
            do throws(RedisURL.Problem) {
                _ = try RedisURL(element)
            } catch {
                return error.reason
            }
        }
        return text.commaList.isEmpty ? nil : "a Redis stands there twice"
    }

    /// The text without passwords.
    static func shown(_ text: String) -> String {
        text.split(separator: ",", omittingEmptySubsequences: false)
            .map { RedisURL.hidingPassword(in: String($0)) }.joined(separator: ",")
    }
}
