import Foundation
import Testing

@testable import hubbub_load

@Suite struct ServerProbeTests {
    @Test func `the kernel's files are parsed`() {
        let rollup = "00400000-7fff ---p 00000000 00:00 0 [rollup]\nRss: 9 kB\nPss:    1234 kB\n"
        #expect(ServerProbe.bytes(rollup: rollup) == 1_234 * 1_024)
        let stat = "12 (a) b (c) S 1 2 3 0 -1 4 5 6 7 8 150 25 0 0 20 0"
        #expect(ServerProbe.ticks(stat: stat) == 175)
        #expect(ServerProbe.nanoseconds(schedstat: "3451232 17 4\n") == 3_451_232)
    }

    @Test func `processor time is finer than a tick and includes ended threads`()
        throws
    {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let thread = root.appending(path: "7/task/8")
        try FileManager.default.createDirectory(at: thread, withIntermediateDirectories: true)
        func write(_ text: String, _ path: String) throws {
            try Data(text.utf8).write(to: root.appending(path: path))
        }
        try write("Pss_Anon: 1 kB\n", "7/smaps_rollup")
        try write("7 (a) S 1 2 3 0 -1 4 5 6 7 8 1 0 0 0 20 0", "7/stat")
        let probe = ServerProbe(pids: [7], root: root.path)
        #expect(try probe.sample().processorSeconds == 0.01)
        try write("17500000 0 1\n", "7/task/8/schedstat")
        #expect(try probe.sample().processorSeconds == 0.0175)
        try write("2000000 0 1\n", "7/task/8/schedstat")
        #expect(try probe.sample().processorSeconds == 0.01)
    }

    /// A library that another program maps as well must not look like freed memory.
    @Test func `pages of files aren't counted if the kernel lists them separately`() {
        let rollup = "Pss: 90 kB\nPss_Dirty: 9 kB\nPss_Anon: 20 kB\nPss_File: 67 kB\n"
        #expect(ServerProbe.bytes(rollup: rollup) == 20 * 1_024)
        #expect(ServerProbe.bytes(rollup: rollup + "Pss_Shmem: 3 kB\n") == 23 * 1_024)
    }

    @Test(arguments: ["", "Pss:", "Rss: 4 kB"])
    func `other text is refused`(text: String) {
        #expect(ServerProbe.bytes(rollup: text) == nil)
        #expect(ServerProbe.ticks(stat: text) == nil)
    }

    @Test func `a missing process is named`() {
        let probe = ServerProbe(pids: [7], root: "/nowhere")
        #expect { try probe.sample() } throws: { "\($0)".hasPrefix("--server-pid 7: ") }
    }
}
