import Foundation
import Glibc
import Reactor
import Testing

@Suite struct DescriptorTableTests {
    /// The size of the kernel's table (`FDSize` of proc(5)).
    private func places() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("FDSize:") })
        return try #require(line.split(separator: "\t").last.flatMap { Int($0) })
    }

    @Test func `a grown table keeps its size`() throws {
        let wanted = try min(DescriptorLimit.raise(), 2_000)
        try DescriptorTable.grow(to: wanted)
        #expect(try places() >= wanted)
        // The last entry was used only for a moment.
        #expect(fcntl(Int32(wanted - 1), F_GETFD) == -1)
        // A table never shrinks.
        try DescriptorTable.grow(to: 1)
        #expect(try places() >= wanted)
    }

    @Test func `a size above the limit is refused`() throws {
        let limit = try DescriptorLimit.raise()
        #expect(throws: SystemError(errno: EINVAL, call: "fcntl")) {
            try DescriptorTable.grow(to: limit + 1)
        }
    }
}
