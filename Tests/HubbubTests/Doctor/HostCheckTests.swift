import Testing

@testable import hubbub

@Suite struct HostCheckTests {
    /// A host that is fit for 100 000 connections of one daemon.
    private static let fit = HostFacts(
        descriptors: 100_064, descriptorCeiling: 1_048_576, memory: 4 << 30, openFiles: 200_000,
        acceptQueue: 4_096,
        synQueue: 4_096, tcpPages: 100_000, ports: 1_024...65_535, trackedConnections: nil)

    private func unfit(_ host: HostFacts, processes: Int = 1) -> [HostCheck] {
        HostCheck.all(of: host, connections: 100_000, processes: processes).filter { !$0.isFit }
    }

    @Test func `a host that is fit needs nothing`() {
        #expect(unfit(Self.fit) == [])
    }

    @Test(
        arguments: [
            (\HostFacts.descriptors, 100_063, "nofile", "LimitNOFILE=100064"),
            (\.descriptorCeiling, 100_063, "fs.nr_open", "fs.nr_open=100064"),
            (\.memory, 900 << 20, "memory", "add memory"),
            (\.openFiles, 109_999, "fs.file-max", "fs.file-max=200000"),
            (\.acceptQueue, 128, "somaxconn", "somaxconn=4096"),
            (\.synQueue, 512, "tcp_max_syn_backlog", "tcp_max_syn_backlog=4096"),
            (\.tcpPages, 99_999, "tcp_mem", "tcp_mem='50000 75000 100000'"),
            (\.trackedConnections, 65_536, "nf_conntrack_max", "nf_conntrack_max=200000"),
        ] as [(any WritableKeyPath<HostFacts, Int?> & Sendable, Int, String, String)])
    func `a value that is too small is named with its remedy`(
        path: any WritableKeyPath<HostFacts, Int?> & Sendable, value: Int, name: String,
        remedy: String
    ) throws {
        var host = Self.fit
        host[keyPath: path] = value
        let checks = unfit(host)
        let check = try #require(checks.first)
        #expect(checks.count == 1)
        #expect(check.name.contains(name))
        #expect(check.remedy.contains(remedy))
        #expect(check.text.hasPrefix("FIX \(check.name): "))
        // A value that can't be read is no fault of the host.
        host[keyPath: path] = nil
        #expect(unfit(host) == [])
    }

    @Test(
        arguments: [
            (100_000, "grown to 100064 at start, 1057 KiB"),
            (1_000, "grown to 1064 at start, 17 KiB"),
            (2_000_000, "grown to 1048576 at start, 8450 KiB"),
        ])
    func `the growth of the table of descriptors is reported`(connections: Int, found: String)
        throws
    {
        let checks = HostCheck.all(of: Self.fit, connections: connections, processes: 1)
        let check = try #require(checks.first { $0.name.hasPrefix("table of descriptors") })
        #expect(check.isFit)
        #expect(check.found.hasPrefix(found), "\(check.found)")
    }

    @Test func `a raise beyond the kernel's ceiling names the steps in order`() {
        var host = Self.fit
        (host.descriptors, host.descriptorCeiling) = (65_536, 65_536)
        let remedies = unfit(host).map(\.remedy)
        #expect(remedies.count == 2)
        #expect(remedies.first?.contains("fs.nr_open=100064") == true)
        #expect(remedies.last?.hasPrefix("once fs.nr_open is raised: ulimit -n 100064") == true)
    }

    @Test func `daemons that share the port share the connections`() {
        var host = Self.fit
        host.descriptors = 25_064
        #expect(unfit(host).count == 1)
        #expect(unfit(host, processes: 4) == [])
    }
}
