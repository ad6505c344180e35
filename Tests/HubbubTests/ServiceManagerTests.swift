import ChatServer
import Testing

@testable import hubbub

@Suite struct ServiceManagerTests {
    private func address(_ environment: [String: String]) -> NotifyAddress? {
        NotifyAddress(environment: { environment[$0] }, processID: 42)
    }

    @Test func `without a socket nobody is told`() {
        #expect(address([:]) == nil)
        #expect(address(["NOTIFY_SOCKET": ""]) == nil)
        #expect(address(["WATCHDOG_USEC": "1000000"]) == nil)
    }

    @Test(
        arguments: [
            ([:], nil, 30_000),
            (["WATCHDOG_USEC": "10000000"], 10_000_000, 5_000),
            (["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "42"], 10_000_000, 5_000),
            (["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "43"], nil, 30_000),
            (["WATCHDOG_USEC": "0"], nil, 30_000),
            (["WATCHDOG_USEC": "soon"], nil, 30_000),
            (["WATCHDOG_USEC": "1500"], 1_500, 1),
            (["WATCHDOG_USEC": "3600000000"], 3_600_000_000, 30_000),
        ] as [([String: String], UInt64?, UInt64)])
    func `the watchdog is told at half of its time`(
        environment: [String: String], watchdog: UInt64?, interval: UInt64
    ) throws {
        let environment = environment.merging(["NOTIFY_SOCKET": "@bus"]) { $1 }
        let address = try #require(self.address(environment))
        #expect(address.address == "@bus")
        #expect(address.watchdog == watchdog)
        #expect(address.interval == interval)
    }

    @Test(
        arguments: [
            (.serving, "READY=1\nSTATUS=Serving"),
            (.alive(connections: 7), "WATCHDOG=1\nSTATUS=7 connections"),
            (.alive(connections: 1), "WATCHDOG=1\nSTATUS=1 connection"),
            (.reloading, "RELOADING=1\nMONOTONIC_USEC=12\nSTATUS=Reloading"),
            (.reloaded, "READY=1\nSTATUS=Serving"),
            (
                .draining(milliseconds: 4_000),
                "STOPPING=1\nEXTEND_TIMEOUT_USEC=9000000\nSTATUS=Draining"
            ),
        ] as [(Supervision.Event, String)])
    func `each event has its message`(event: Supervision.Event, text: String) {
        #expect(ServiceManager.text(of: event, at: 12) == text)
    }
}
