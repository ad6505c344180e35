import Chat
import Testing

@testable import ChatServer

/// The lines of an answer whose length is told before they are.
@Suite struct HistoryAnswerTests {
    /// An answer of five lines, of which these are there when it is measured.
    private static func measured(_ seqs: [UInt64], bytes: Int = 10) -> HistoryAnswer {
        var answer = HistoryAnswer(
            .command(id: nil), room: .lobby, from: 1, through: 5, oldest: 1)
        for seq in seqs { answer.measured(seq, bytes: bytes) }
        answer.skip(to: 6)
        answer.beginTelling()
        return answer
    }

    /// Returns those of the lines that it tells.
    private static func told(_ lines: [(UInt64, Int)], by answer: inout HistoryAnswer) -> [UInt64] {
        lines.filter { answer.took($0.0, bytes: $0.1) }.map(\.0)
    }

    @Test func `what was measured is told`() {
        var answer = Self.measured([1, 2, 3, 4, 5])
        #expect(Self.told((1...5).map { ($0, 10) }, by: &answer) == [1, 2, 3, 4, 5])
        #expect(answer.bytesLeft == 0 && answer.isComplete)
    }

    @Test(arguments: [1, 3, 5] as [UInt64])
    func `a line that comes back meanwhile takes no other's place`(deleted: UInt64) {
        var answer = Self.measured((1...5).filter { $0 != deleted })
        let lines = (1...5).map { ($0 as UInt64, $0 == deleted ? 2 : 10) }
        #expect(Self.told(lines, by: &answer) == (1...5).filter { $0 != deleted })
        #expect(answer.bytesLeft == 0)
    }

    @Test func `a line that is longer than it was is left out`() {
        var answer = Self.measured([1, 2, 3, 4, 5])
        #expect(
            Self.told([(1, 10), (2, 11), (3, 10), (4, 10), (5, 10)], by: &answer) == [1, 3, 4, 5])
        #expect(answer.bytesLeft > 0)
    }

    @Test func `lines that are deleted meanwhile leave blanks`() {
        var answer = Self.measured([1, 2, 3, 4, 5])
        answer.cut([2, 5])
        #expect(Self.told((1...5).map { ($0, 10) }, by: &answer) == [1, 3, 4])
        answer.skip(to: 6)
        #expect(answer.takeBlanks() == 22 && answer.isComplete)
    }
}
