internal import Chat
internal import Foundation

/// What the database must hold at least: the number of groups that were committed to it, and their
/// epoch. It is kept in a second file, so that a database that was restored from a copy is noticed:
/// the lines behind the copy are missing, and their numbers must not be used again in their epoch.
struct Stamp: Equatable {
    let epoch: Epoch
    let commits: Int64

    /// Bytes of the text. It is overwritten in place, so that a full disk can't fail that.
    private static let size = 80

    init(epoch: Epoch, commits: Int64) {
        self.epoch = epoch
        self.commits = commits
    }

    /// Nil if that isn't the text of a stamp.
    init?(_ text: Data) {
        let words = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == "hubbub-stamp-1", let epoch = Epoch(String(words[1])),
            let commits = Int64(words[2]), commits >= 0
        else { return nil }
        self.init(epoch: epoch, commits: commits)
    }

    /// A line of always the same length.
    var text: Data {
        let words = "hubbub-stamp-1 \(epoch.text) \(commits)"
        let filler = String(repeating: " ", count: max(0, Self.size - 1 - words.utf8.count))
        return Data("\(words)\(filler)\n".utf8)
    }
}
