import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct CommitQueueTests {
    private static func token(_ index: Int) -> Token { Token(index: index, generation: 1) }

    private static func draft(_ text: String, in room: RoomName = .lobby) -> Draft {
        Draft(
            room: room, time: Timestamp(milliseconds: 0), username: "ann", message: text, key: nil)
    }

    @Test func `one group is pending while the next one collects lines`() {
        var queue = CommitQueue()
        #expect(queue.nextGroup(atMost: 10) == nil)
        #expect(queue.append(Self.draft("0"), from: Self.token(0)) == 0)
        #expect(queue.append(Self.draft("1"), from: Self.token(1)) == 1)
        #expect(queue.nextGroup(atMost: 10)?.map(\.draft.message) == ["0", "1"])
        #expect(queue.append(Self.draft("2"), from: Self.token(0)) == 2)
        #expect(queue.nextGroup(atMost: 10) == nil)
        #expect(queue.count == 3)
        let group = queue.takeGroup()
        #expect(group.submissions.map(\.draft.message) == ["0", "1"])
        #expect(group.askers.map(\.sender) == [Self.token(0), Self.token(1)])
        #expect(queue.nextGroup(atMost: 10)?.map(\.draft.message) == ["2"])
        #expect(queue.takeGroup().count == 1)
        #expect(queue.isEmpty && queue.bytes == 0)
    }

    @Test func `a group has a limit of lines`() {
        var queue = CommitQueue()
        for number in 0..<5 { _ = queue.append(Self.draft("\(number)"), from: Self.token(0)) }
        var groups: [[String]] = []
        while let group = queue.nextGroup(atMost: 2) {
            groups.append(group.map(\.draft.message))
            _ = queue.takeGroup()
        }
        #expect(groups == [["0", "1"], ["2", "3"], ["4"]])
        #expect(queue.append(Self.draft("5"), from: Self.token(0)) == 5)
    }

    @Test func `a ticket finds its line in any group`() {
        var queue = CommitQueue()
        for number in 0..<3 { _ = queue.append(Self.draft("\(number)"), from: Self.token(0)) }
        _ = queue.nextGroup(atMost: 2)
        queue.awaited(1, by: Self.token(7))
        queue.awaited(2, by: Self.token(8))
        #expect(queue.takeGroup().askers.map(\.others) == [[], [Self.token(7)]])
        _ = queue.append(Self.draft("3"), from: Self.token(0))
        _ = queue.nextGroup(atMost: 2)
        queue.awaited(3, by: Self.token(9))
        #expect(queue.takeGroup().askers.map(\.others) == [[Self.token(8)], [Self.token(9)]])
    }

    @Test func `lines with an unknown outcome are submitted again with the same ids`() {
        var queue = CommitQueue()
        for number in 0..<4 { _ = queue.append(Self.draft("\(number)"), from: Self.token(0)) }
        _ = queue.nextGroup(atMost: 10)
        _ = queue.append(Self.draft("4"), from: Self.token(0))
        let group = queue.takeGroup()
        #expect(queue.resubmit([1, 3], of: group).map(\.id) == [1, 3])
        #expect(queue.nextGroup(atMost: 10) == nil)
        queue.awaited(3, by: Self.token(7))
        queue.awaited(4, by: Self.token(8))
        let again = queue.takeGroup()
        #expect(again.submissions.map(\.draft.message) == ["1", "3"])
        #expect(again.askers.map(\.others) == [[], [Self.token(7)]])
        #expect(queue.nextGroup(atMost: 10)?.map(\.id) == [4])
        #expect(queue.takeGroup().askers.map(\.others) == [[Self.token(8)]])
        #expect(queue.isEmpty && queue.bytes == 0)
    }

    @Test func `who waits for a pending line can be told once, and the rest can be given up`() {
        var queue = CommitQueue()
        for number in 0..<2 { _ = queue.append(Self.draft("\(number)"), from: Self.token(0)) }
        _ = queue.nextGroup(atMost: 10)
        queue.awaited(1, by: Self.token(7))
        _ = queue.append(Self.draft("2"), from: Self.token(8))
        func told(_ lines: [CommitQueue.Unanswered]) -> [String] {
            lines.map { line in
                var tokens: [Int] = []
                line.askers.tell { tokens.append($0.index) }
                return "\(line.draft.message): \(tokens)"
            }
        }
        #expect(told(queue.takeUnanswered()) == ["0: [0]", "1: [0, 7]"])
        #expect(queue.takeUnanswered().isEmpty)
        queue.awaited(1, by: Self.token(9))
        #expect(told(queue.takeUnanswered()).count == 1)
        #expect(told(queue.takeCollecting()) == ["2: [8]"])
        #expect(queue.count == 2 && queue.takeGroup().count == 2)
        #expect(queue.append(Self.draft("3"), from: Self.token(0)) == 3)
        #expect(queue.nextGroup(atMost: 10)?.map(\.id) == [3])
        #expect(queue.takeGroup().count == 1 && queue.bytes == 0)
    }
}
