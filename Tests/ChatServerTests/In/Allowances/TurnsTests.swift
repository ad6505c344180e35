import Testing

@testable import ChatServer

@Suite struct TurnsTests {
    @Test(arguments: [(1, 256), (3, 256), (4, 250), (300, 3), (100_000, 1), (0, 256)])
    func `those that are ready share the tick`(_ connections: Int, _ share: Int) {
        var turns = Turns()
        turns.tickBegan(wanting: connections)
        turns.began()
        turns.spend(share - 1)
        #expect(!turns.isOver)
        turns.spend(1)
        #expect(turns.isOver)
    }

    @Test func `a tick is over when its turns have cost its budget`() {
        var turns = Turns()
        turns.tickBegan(wanting: 1)
        for _ in 0..<4 {
            turns.began()
            turns.spend(200)
            #expect(turns.ended() == 200 + Cost.turn)
            #expect(!turns.areOver)
        }
        turns.began()
        turns.spend(200)
        _ = turns.ended()
        #expect(turns.areOver)
        turns.tickBegan(wanting: 1)
        #expect(!turns.areOver)
    }

    @Test func `a tick that busy connections have used up is followed by a pause`() {
        var turns = Turns()
        turns.tickBegan(wanting: 1)
        turns.paid(Limits.tickCost - 1)
        #expect(!turns.needRest)
        turns.paid(1)
        #expect(turns.needRest)
        turns.tickBegan(wanting: 1)
        #expect(!turns.needRest)
    }

    @Test func `free lines take their share of the turn and cost nothing`() {
        var turns = Turns()
        turns.tickBegan(wanting: 1)
        turns.began()
        for _ in 0..<10 {
            turns.messageBegan()
            turns.carriesLine()
            turns.spend(4)
            turns.messageEnded(linesAreFree: true)
        }
        #expect(turns.turn == 40)
        #expect(turns.ended() == 0)
        #expect(turns.tick == 40 + Cost.turn)
    }

    @Test func `other messages in a turn with free lines are charged with the turn`() {
        var turns = Turns()
        turns.tickBegan(wanting: 1)
        turns.began()
        for isLine in [true, false, true] {
            turns.messageBegan()
            if isLine { turns.carriesLine() }
            turns.spend(4)
            turns.messageEnded(linesAreFree: true)
        }
        #expect(turns.ended() == 4 + Cost.turn)
    }

    @Test func `lines are charged if their number is limited`() {
        var turns = Turns()
        turns.tickBegan(wanting: 1)
        turns.began()
        turns.messageBegan()
        turns.carriesLine()
        turns.spend(4)
        turns.messageEnded(linesAreFree: false)
        #expect(turns.ended() == 4 + Cost.turn)
    }

    @Test func `a turn in which nothing was complete has its price`() {
        var turns = Turns()
        turns.tickBegan(wanting: 1)
        turns.began()
        #expect(turns.ended() == Cost.turn)
    }
}
