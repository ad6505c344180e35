internal import Foundation

/// Tells which process has a lock, without taking it: a daemon that starts at that moment would be
/// refused.
enum LockHolder {
    /// The process that has locked the file. Nil if none has.
    static func process(ofLockAt path: String) -> Int32? {
        guard let identity = SystemCalls.identity(of: path) else { return nil }
        let text = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
        return process(of: identity, in: text)
    }

    /// The same from the text of /proc/locks, such as `1: FLOCK ADVISORY WRITE 42 fe:00:17 0 EOF`
    /// (proc(5)).
    static func process(
        of identity: (major: UInt32, minor: UInt32, number: UInt64), in text: String
    ) -> Int32? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let kind = words.firstIndex(of: "FLOCK"), words.count > kind + 4 else { continue }
            let parts = words[kind + 4].split(separator: ":")
            guard parts.count == 3, UInt32(parts[0], radix: 16) == identity.major,
                UInt32(parts[1], radix: 16) == identity.minor,
                UInt64(parts[2]) == identity.number
            else { continue }
            return Int32(words[kind + 3])
        }
        return nil
    }
}
