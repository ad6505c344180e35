import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct ReadQueueTests {
    private static func reader(_ index: Int) -> ReadQueue.Reader {
        .member(Token(index: index, generation: 1))
    }

    private static func key(_ from: Int) -> ReadQueue.Key {
        ReadQueue.Key(room: .lobby, from: UInt64(from))
    }

    private static func begin(_ queue: inout ReadQueue, atMost limit: Int = .max) -> [UInt64] {
        var begun: [UInt64] = []
        while let (key, _) = queue.begin(atMost: limit) { begun.append(key.from) }
        return begun
    }

    @Test func `reads begin in order, a few at a time, and readers of the same lines share one`() {
        var queue = ReadQueue()
        for number in 1...4 { queue.add(Self.key(number), through: 9, for: Self.reader(number)) }
        queue.add(Self.key(1), through: 9, for: Self.reader(9))
        #expect(Self.begin(&queue, atMost: 2) == [1, 2])
        #expect(queue.takeRead(Self.key(1)) == [Self.reader(1), Self.reader(9)])
        #expect(Self.begin(&queue, atMost: 2) == [3])
        for number in 2...3 { _ = queue.takeRead(Self.key(number)) }
        #expect(Self.begin(&queue, atMost: 2) == [4])
        #expect(queue.takeRead(Self.key(4)) == [Self.reader(4)])
        #expect((queue.underWay, queue.bytes) == (0, 0))
    }

    @Test func `a read that nobody waits for is never begun`() {
        var queue = ReadQueue()
        for number in 1...3 { queue.add(Self.key(number), through: 9, for: Self.reader(number)) }
        queue.add(Self.key(3), through: 9, for: Self.reader(4))
        queue.gaveUp(Self.key(1), Self.reader(1))
        queue.gaveUp(Self.key(3), Self.reader(3))
        queue.gaveUp(Self.key(3), Self.reader(7))
        #expect(Self.begin(&queue) == [2, 3])
        #expect(queue.takeRead(Self.key(3)) == [Self.reader(4)])
        // One that is under way ends without readers.
        queue.gaveUp(Self.key(2), Self.reader(2))
        #expect(queue.takeRead(Self.key(2)) == [])
        #expect((queue.underWay, queue.bytes) == (0, 0))
    }

    @Test func `a read that was given up and is wanted again begins once`() {
        var queue = ReadQueue()
        queue.add(Self.key(1), through: 9, for: Self.reader(1))
        queue.gaveUp(Self.key(1), Self.reader(1))
        queue.add(Self.key(1), through: 9, for: Self.reader(2))
        #expect(Self.begin(&queue) == [1])
        #expect(queue.takeRead(Self.key(1)) == [Self.reader(2)])
    }

    @Test func `its memory comes back although something always waits`() {
        var queue = ReadQueue()
        var most = 0
        for number in 1...10_000 {
            queue.add(Self.key(number), through: 9, for: Self.reader(number))
            if number > 10 {
                #expect(Self.begin(&queue, atMost: 1) == [UInt64(number - 10)])
                _ = queue.takeRead(Self.key(number - 10))
            }
            most = max(most, queue.bytes)
        }
        #expect(most < 100_000)
    }

    @Test func `reads that are given up cost nothing although none is begun`() {
        var queue = ReadQueue()
        var most = 0
        queue.add(Self.key(0), through: 9, for: Self.reader(0))
        for number in 1...10_000 {
            queue.add(Self.key(number), through: 9, for: Self.reader(number))
            queue.gaveUp(Self.key(number), Self.reader(number))
            most = max(most, queue.bytes)
        }
        #expect(most < 100_000)
        #expect(Self.begin(&queue) == [0])
    }

    @Test func `a read over the end of an epoch is made again for those that wait`() {
        var queue = ReadQueue()
        let command = ReadQueue.Reader.command(Token(index: 9, generation: 1))
        for number in 1...4 { queue.add(Self.key(number), through: 9, for: Self.reader(number)) }
        queue.add(Self.key(1), through: 9, for: command)
        queue.add(Self.key(4), through: 9, for: command)
        #expect(Self.begin(&queue, atMost: 3) == [1, 2, 3])
        queue.epochBegan(in: .lobby)
        queue.add(Self.key(2), through: 9, for: Self.reader(5))
        #expect((1...3).map { queue.mustRepeat(Self.key($0)) } == [9, 9, nil])
        #expect((1...3).map { queue.mustRepeat(Self.key($0)) } == [nil, nil, nil])
        #expect(queue.takeRead(Self.key(1)) == [command])
        #expect(queue.takeRead(Self.key(2)) == [Self.reader(5)])
        #expect(queue.takeRead(Self.key(3)) == [])
        #expect(Self.begin(&queue) == [4])
        #expect(queue.takeRead(Self.key(4)) == [command])
        #expect((queue.underWay, queue.bytes) == (0, 0))
    }
}
