import Chat
import Testing

@testable import ChatServer

@Suite struct RoomFiguresTests {
    private static func room(_ members: Int, pace: Double = 0) -> RoomFigure {
        RoomFigure(name: .lobby, members: members, behind: 0, linesPerSecond: pace)
    }

    @Test func `the classes are named by the numbers in them`() {
        #expect(
            RoomFigures.classNames == ["1", "2-9", "10-99", "100-999", "1000-9999", "10000+"])
    }

    @Test func `each room is in one class`() {
        var figures = RoomFigures()
        for members in [1, 1, 2, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 500_000] {
            figures.add(Self.room(members))
        }
        #expect(figures.counts == [2, 2, 2, 2, 2, 2])
    }

    @Test func `the lists have the first rooms of each order`() {
        var figures = RoomFigures()
        let numbers = (1...200).map { $0 * 77 % 211 }
        for number in numbers { figures.add(Self.room(number, pace: Double(-number + 100))) }
        let order = numbers.sorted()
        #expect(figures.largest.map(\.members) == order.suffix(50).reversed())
        #expect(
            figures.busiest.map { Int($0.linesPerSecond) }
                == order.filter { $0 < 100 }.prefix(50).map { 100 - $0 })
    }
}
