import Reactor
import Simulation
import TestSupport
import Testing
import WebSocket

@testable import ChatServer

/// Compares the table's counts and lists with a plain list of connections, for random events.
@Suite struct ConnectionsModelTests {
    private struct Person {
        let token: Token
        let socket: Socket
        let isRefused: Bool
        var isInChat = false
        var isBlocked = false
        var fails = false
        var ends = false
        var contextBits: UInt8 = 0

        var isServed: Bool { !fails && !ends }
    }

    private struct Model: ~Copyable {
        var random: SplitMix64
        var network = ScriptedNetwork()
        var connections: Connections
        var people: [Person] = []
        var gone: [Token] = []
        var sockets: Int32 = 0
        let now = CoarseTime(steps: 1)

        init(seed: UInt64) {
            random = SplitMix64(seed: seed)
            var limits = Limits()
            limits.connections = 8
            connections = Connections(limits: limits, now: now)
        }

        mutating func step() {
            network.changeError = random.happens(100) ? ScriptedNetwork.refusal : nil
            guard !people.isEmpty, !random.happens(150) else { return accept() }
            let place = random.number(in: 0...people.count - 1)
            switch random.number(in: 1...100) {
            case 1...20: talk(place)
            case 21...40: write(place)
            case 41...60: read(place)
            case 61...66: part(place)
            case 67...78: workOffPartings()
            case 79...88: if !people[place].ends { end(place) }
            default: closeEnded()
            }
        }

        private mutating func accept() {
            sockets += 1
            let socket = Socket(rawValue: sockets)
            let isRefused = random.happens(300)
            network.registerError = random.happens(100) ? ScriptedNetwork.refusal : nil
            let token = try? connections.accept(
                socket, isRefused: isRefused, over: &network, at: now)
            guard let token else { return }
            people.append(Person(token: token, socket: socket, isRefused: isRefused))
        }

        /// A handshake, or the proper end of a chat.
        private mutating func talk(_ place: Int) {
            let index = people[place].token.index
            guard people[place].isServed else { return }
            switch connections[index].phase {
            case .http where random.happens(800):
                let bits: UInt8 = random.pick([0, 0, 8, 10, 15])
                connections.upgraded(
                    index,
                    to: Connection.ChatState(
                        dialect: .rich, encoding: bits > 0 ? .deflated : .plain,
                        contextBits: bits))
                people[place].isInChat = true
                people[place].contextBits = bits
            case .http where random.happens(500):
                connections.openedStream(
                    index, taking: random.happens(500) ? .events : .placedEvents, at: now)
                people[place].isInChat = true
            case .eventStream:
                leaveChat(place)
                connections.linger(index, at: now)
            case .http: connections.linger(index, at: now)
            case .webSocket where people[place].isInChat:
                leaveChat(place)
                connections.sentClose(index, at: now)
            case .webSocket where random.happens(500):
                connections.linger(index, at: now)
                people[place].contextBits = 0
            case .webSocket, .lingering: break
            }
        }

        private mutating func leaveChat(_ place: Int) {
            guard people[place].isInChat else { return }
            connections.leftChat(people[place].token.index)
            people[place].isInChat = false
        }

        private mutating func write(_ place: Int) {
            let index = people[place].token.index
            guard people[place].isServed else { return }
            let isBlocked = people[place].isBlocked
            switch random.number(in: 1...4) {
            case 1:
                #expect(connections.claimWritable(index, at: CoarseTime(steps: 0)) == isBlocked)
                people[place].isBlocked = false
            case 2:
                connections.becameBlocked(index, over: &network)
                people[place].isBlocked = true
            case 3:
                connections.postpone(index, over: &network, at: now)
                people[place].isBlocked = true
            default:
                #expect(connections.claimFlush(index) == !isBlocked)
                #expect(connections.beginFlush(index) == true)
            }
            noteFailure(place)
        }

        private mutating func read(_ place: Int) {
            let index = people[place].token.index
            guard people[place].isServed else { return }
            switch random.number(in: 1...5) {
            case 1: connections.hold(index)
            case 2: _ = connections.claimRelease(index, at: now)
            case 3: connections.throttle(index, at: CoarseTime(steps: 0))
            case 4: connections.readOn(index, wasOurs: random.happens(500), at: now)
            default: connections.peerEnded(index)
            }
            connections.watch(index, over: &network)
            noteFailure(place)
        }

        /// Records that a change of interest may have failed.
        private mutating func noteFailure(_ place: Int) {
            guard connections[people[place].token.index].flags.contains(.fails) else { return }
            #expect(network.changeError != nil)
            people[place].fails = true
        }

        private mutating func part(_ place: Int) {
            connections.part(people[place].token.index, .broken)
            if !people[place].ends { people[place].fails = true }
        }

        private mutating func workOffPartings() {
            while let (index, _) = connections.nextParting() {
                let place = people.firstIndex { $0.token.index == index }
                #expect(place.map { people[$0].fails && !people[$0].ends } == true)
                guard let place else { return }
                people[place].fails = false
                if random.happens(800) { end(place) }
            }
            for place in people.indices { people[place].fails = false }
        }

        private mutating func end(_ place: Int) {
            leaveChat(place)
            connections.end(people[place].token.index)
            people[place].ends = true
        }

        private mutating func closeEnded() {
            while let index = connections.nextEnded() {
                let place = people.firstIndex { $0.token.index == index }
                #expect(place.map { people[$0].ends } == true)
                guard let place else { return }
                gone.append(people.remove(at: place).token)
                _ = connections.remove(index)
            }
        }

        func check() {
            #expect(connections.count == people.count)
            let inChat = connections.sessions + connections.states[.stream]
            #expect(inChat == people.count { $0.isInChat })
            #expect(connections.blocked == people.count { $0.isBlocked })
            #expect(connections.refusing == people.count { $0.isRefused })
            let bits = people.map { Int($0.contextBits) }.filter { $0 > 0 }
            #expect(
                connections.contexts.promisedBytes
                    == bits.map(DeflateParameters.contextBytes).reduce(0, +))
            let leftover = gone.filter { connections.contains($0) }
            #expect(leftover == [])
            let parting = connections.parting.map(\.token).filter { connections.contains($0) }
            #expect(Set(parting).count == parting.count)
            #expect(Set(connections.ending).count == connections.ending.count)
            for person in people {
                let index = person.token.index
                #expect(connections.contains(person.token) == true)
                #expect(connections.isServed(index) == person.isServed)
                #expect(connections[index].isInChat == person.isInChat || person.ends)
                #expect(connections[index].flags.contains(.blocked) == person.isBlocked)
                #expect(connections[index].interest == network.interests[person.socket])
                #expect(!person.fails || parting.contains(person.token))
                #expect(connections.ending.contains(index) == person.ends)
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `counts and lists agree with the model`(seed: UInt64) {
        var model = Model(seed: seed)
        for _ in 0..<500 {
            model.step()
            model.check()
        }
        #expect(model.gone.count > 10)
    }
}
