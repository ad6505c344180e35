import Chat
import Testing

@testable import ChatServer

@Suite struct MemberAnswersTests {
    private let one = RoomID(rawValue: 1)
    private let other = RoomID(rawValue: 2)

    @Test func `an answer is made once for each version of a list`() {
        var answers = MemberAnswers()
        var made = 0
        func ask(_ room: RoomID, _ version: UInt32) -> Int {
            let answer = answers.answer(for: room, version: version) {
                made += 1
                return [UInt8(made)]
            }
            #expect(answers.has(room, version: version))
            return Int(answer[0])
        }
        #expect((0..<3).map { _ in ask(one, 0) } == [1, 1, 1])
        #expect(ask(other, 0) == 2)
        #expect(ask(one, 1) == 3)
        #expect(!answers.has(one, version: 0))
        #expect(ask(other, 0) == 2)
        #expect(answers.byteCount == 2)
        answers.vanished(one)
        #expect(answers.byteCount == 1)
        #expect(ask(one, 1) == 4)
        #expect(made == 4)
    }

    @Test func `the bytes of all rooms are bounded`() {
        var answers = MemberAnswers()
        let size = MemberAnswers.byteLimit / 4
        for room in 0..<100 as Range<UInt32> {
            let answer = answers.answer(for: RoomID(rawValue: room), version: 0) {
                [UInt8](repeating: 0, count: size)
            }
            #expect(answer.count == size)
            #expect(answers.byteCount <= MemberAnswers.byteLimit)
            #expect(answers.has(RoomID(rawValue: room), version: 0))
        }
        // A single one may be larger.
        _ = answers.answer(for: one, version: 0) {
            [UInt8](repeating: 0, count: MemberAnswers.byteLimit + 1)
        }
        #expect(answers.has(one, version: 0))
        answers.vanished(one)
        #expect(answers.byteCount == 0)
    }
}
