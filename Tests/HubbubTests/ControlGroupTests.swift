import Foundation
import Testing

@testable import hubbub

@Suite struct ControlGroupTests {
    private static let version2 =
        "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let version1 = """
        30 23 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        32 30 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
        35 30 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        41 30 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw

        """

    struct Host: CustomTestStringConvertible {
        let testDescription: String
        let mounts: String
        let groups: String
        let files: [String: String]
        let limit: Int?
    }

    @Test(arguments: [
        Host(
            testDescription: "no control groups", mounts: "", groups: "", files: [:], limit: nil),
        Host(
            testDescription: "its own group", mounts: version2, groups: "0::/a/b\n",
            files: ["a/b/memory.max": "268435456\n", "a/memory.max": "max\n"], limit: 268_435_456),
        Host(
            testDescription: "a group above it", mounts: version2, groups: "0::/a/b/c\n",
            files: ["a/b/c/memory.max": "max\n", "a/memory.max": "1048576\n"], limit: 1_048_576),
        Host(
            testDescription: "the least of both", mounts: version2, groups: "0::/a/b\n",
            files: ["a/b/memory.max": "5000\n", "a/memory.max": "4000\n"], limit: 4_000),
        Host(
            testDescription: "no limit", mounts: version2, groups: "0::/a\n",
            files: ["a/memory.max": "max\n"], limit: nil),
        Host(
            testDescription: "a container that sees its group as the topmost one",
            mounts: version2, groups: "0::/\n", files: ["memory.max": "9000\n"], limit: 9_000),
        Host(
            testDescription: "a container that sees only its group",
            mounts: version2.replacing("0:28 / /sys", with: "0:28 /docker/x /sys"),
            groups: "0::/docker/x/y\n", files: ["y/memory.max": "9000\n"], limit: 9_000),
        Host(
            testDescription: "version 1", mounts: version1,
            groups: "5:cpu:/other\n4:memory:/a\n0::/\n",
            files: [
                "memory/a/memory.limit_in_bytes": "7000\n",
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "cpu/other/memory.limit_in_bytes": "1\n",
            ], limit: 7_000),
        Host(
            testDescription: "version 1 in a container", mounts: version1,
            groups: "4:cpu,memory:/docker/x\n",
            files: ["memory/memory.limit_in_bytes": "7000\n"], limit: 7_000),
    ])
    func `the least limit of the groups counts`(host: Host) throws {
        let files = FileManager.default
        let root = files.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? files.removeItem(at: root) }
        func write(_ text: String, to path: String) throws {
            let file = root.appending(path: path)
            try files.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write(host.mounts, to: "proc/self/mountinfo")
        try write(host.groups, to: "proc/self/cgroup")
        for (path, text) in host.files { try write(text, to: "sys/fs/cgroup/\(path)") }
        #expect(ControlGroup.memoryLimit(root: root.path()) == host.limit)
    }

    @Test(
        arguments: [
            (8 << 30, nil, 1 << 30, 512 << 20), (2 << 30, nil, 512 << 20, 256 << 20),
            (8 << 30, 256 << 20, 64 << 20, 32 << 20), (8 << 30, 1 << 20, 1 << 20, 512 << 10),
        ] as [(Int, Int?, Int, Int)])
    func `the budgets follow the memory`(
        machine: Int, groupLimit: Int?, budget: Int, compression: Int
    ) {
        let memory = UsableMemory(
            machine: machine, addressSpace: .max, groupLimit: groupLimit)
        #expect(memory.bufferBudget == budget)
        #expect(memory.compressionBudget == compression)
    }
}
