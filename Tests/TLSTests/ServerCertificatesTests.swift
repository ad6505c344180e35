import Dispatch
import Reactor
import Synchronization
import TLS
import Testing

@Suite struct ServerCertificatesTests {
    private static let one = ServerCertificates.Pair(
        chain: Certificates.bytes(Certificates.one), key: Certificates.bytes(Certificates.oneKey))
    private static let two = ServerCertificates.Pair(
        chain: Certificates.bytes(Certificates.two), key: Certificates.bytes(Certificates.twoKey))
    private static let broken = ServerCertificates.Pair(
        chain: Certificates.bytes(Certificates.one), key: Certificates.bytes(Certificates.twoKey))

    @Test func replacesAllOrNothing() throws {
        let certificates = try ServerCertificates([Self.one])
        #expect(certificates.report().certificates.map(\.name) == ["one.example"])
        #expect(throws: ServerCertificates.Refusal(pair: 1, problem: .mismatch)) {
            try certificates.replace(with: [Self.two, Self.broken])
        }
        #expect(certificates.report().certificates.map(\.name) == ["one.example"])
        try certificates.replace(with: [Self.two, Self.one])
        #expect(certificates.report().certificates.map(\.name) == ["two.example", "one.example"])
        #expect(certificates.report().replaced == 1)
    }

    /// A thousand times, while two threads shake hands. Pairs that don't fit change nothing.
    @Test func replacesUnderLoad() throws {
        let certificates = try ServerCertificates([Self.one])
        let client = try TLSPair.clientContext()
        let isOver = Atomic(false)
        let handshakes = Atomic(0)
        let failures = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 3) { thread in
            if thread == 0 {
                for turn in 0..<1_000 {
                    try? certificates.replace(
                        with: [turn.isMultiple(of: 4) ? Self.one : Self.two, Self.one])
                    if turn.isMultiple(of: 10) { try? certificates.replace(with: [Self.broken]) }
                }
                return isOver.store(true, ordering: .sequentiallyConsistent)
            }
            repeat {
                guard let pair = try? TLSPair(certificates.makeSession(), client) else { return }
                pair.settle(pieces: 700)
                let isDone = pair.clientState == .established && pair.serverState == .established
                if !isDone { failures.add(1, ordering: .relaxed) }
                handshakes.add(1, ordering: .relaxed)
            } while !isOver.load(ordering: .sequentiallyConsistent)
        }
        #expect(failures.load(ordering: .relaxed) == 0)
        #expect(handshakes.load(ordering: .relaxed) > 2)
        #expect(certificates.report().replaced == 1_000)
    }
}
