import Chat
import Simulation
import Testing
import WebSocket

@testable import ChatServer

/// Lines that are deleted while they wait for a client.
@Suite struct ServerDeletionTests {
    /// A client whose socket takes nothing has lines waiting, one of them half sent. Some are
    /// deleted before the client takes the rest.
    @Test(arguments: [false, true])
    func `a deleted line isn't sent any more`(isDeflated: Bool) throws {
        let servers = try Servers(1)
        let speaker = servers[0].join()
        let slow = servers[0].connect()
        slow.compression = isDeflated ? .limitable : nil
        slow.handshake()
        servers.settle()
        speaker.say("1 " + String(repeating: "x", count: 300))
        servers.settle()
        #expect(slow.seqs == [1])
        slow.reads = false
        // What the kernel holds is sent. The rest waits in the ring.
        for number in 2...400 {
            let padding = (0..<200).map { String($0 * number, radix: 36) }.joined(separator: " ")
            speaker.say("\(number) \(padding)")
            servers.settle()
        }
        let before = servers[0].inspection
        #expect(before.waitingBytes > 0)
        servers.orderer.delete(seqs: Array(3...400), in: .lobby)
        servers.settle()
        let after = servers[0].inspection
        #expect(after.waitingBytes < before.waitingBytes)
        speaker.say("401")
        servers.settle()
        slow.reads = true
        servers.settle()
        // What the kernel had, and at most one frame in flight.
        #expect(slow.seqs.first == 1 && slow.seqs.last == 401)
        #expect(slow.seqs == slow.seqs.sorted() && slow.seqs.count < 400)
        #expect(Set(slow.seqs).count == slow.seqs.count)
        #expect(slow.closeCode == nil)
        #expect(speaker.seqs == Array(1...401))
        #expect(servers.violations == [])
    }

    @Test func `a deleted line isn't kept for other members`() throws {
        let servers = try Servers(1)
        let speaker = servers[0].join()
        for number in 1...50 { speaker.say("\(number) " + String(repeating: "y", count: 500)) }
        servers.settle()
        let before = servers[0].inspection
        servers.orderer.delete(seqs: Array(1...50), in: .lobby)
        servers.settle()
        let after = servers[0].inspection
        #expect(after.keptBytes < before.keptBytes / 10)
        #expect(after.contradictions == [])
        let late = servers[0].connectRichly()
        late.join("lobby", as: "late", history: 50, id: "join")
        servers.settle()
        #expect(late.seqs == [] && late.joined?.seq == 50)
        speaker.say("51")
        servers.settle()
        #expect(late.seqs == [51])
        #expect(servers.violations == [])
    }
}
