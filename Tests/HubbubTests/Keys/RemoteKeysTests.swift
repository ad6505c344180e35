import Dispatch
import IdentityKeys
import Logging
import Synchronization
import Testing

@testable import hubbub

@Suite struct RemoteKeysTests {
    @Test func `a missing key is asked for once a minute at most`() {
        let seconds = Mutex<UInt64>(1_000)
        let over = DispatchSemaphore(value: 0)
        // Its address isn't a public one, so it is never asked.
        let file = KeyFile(path: "https://127.0.0.1:9/", kind: .keySet, given: "")
        let keys = RemoteKeys(
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { seconds.withLock { $0 } },
            take: { from, keys in
                #expect(from == file && keys == nil)
                over.signal()
            })
        #expect(!keys.keyIsMissing())
        keys.use([(file, true)])
        for time in [1_000, 1_060, 1_120] as [UInt64] {
            seconds.withLock { $0 = time }
            #expect(keys.keyIsMissing())
            over.wait()
            while keys.keyIsMissing() {}
            seconds.withLock { $0 = time + 59 }
            #expect(!keys.keyIsMissing())
        }
    }
}
