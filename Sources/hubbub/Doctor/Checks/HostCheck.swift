internal import Chat
internal import ChatServer
internal import ChatStore
internal import Reactor

/// The check of one thing: what was found, what is needed, and the remedy.
struct HostCheck: Equatable, Encodable {
    let name: String
    let found: String
    let standing: CheckStanding
    /// What is needed and how to get it. Empty if nothing is needed.
    let remedy: String

    init(
        _ name: String, _ found: String, _ standing: CheckStanding = .fit, _ remedy: String = ""
    ) {
        (self.name, self.found, self.standing, self.remedy) = (name, found, standing, remedy)
    }

    init(name: String, found: String, isFit: Bool, remedy: String) {
        self.init(name, found, isFit ? .fit : .unfit, remedy)
    }

    var isFit: Bool { standing != .unfit }

    /// `ok   name: found`, `??  name: found` or `FIX  name: found`, and the remedy on a line of its
    /// own.
    var text: String {
        let line = "\(standing.mark) \(name): \(found)"
        return remedy.isEmpty ? line : "\(line)\n      \(remedy)"
    }

    /// The checks of what isn't a matter of the number of connections.
    static func others(of host: HostFacts) -> [HostCheck] {
        let newest = host.data?.database.newest
        let configuration = host.configuration.map { ConfigurationCheck.all(of: $0) } ?? []
        let clock = host.clock.map { ClockCheck.all(of: $0, newest: newest) } ?? []
        let data = host.data.map {
            DiskCheck.all(of: $0) + PermissionCheck.all(of: $0) + DatabaseCheck.all(of: $0)
        }
        let certificates = host.certificates.flatMap {
            CertificateCheck.all(of: $0, now: host.clock?.now)
        }
        let cluster = host.cluster.map { ClusterCheck.all(of: $0) } ?? []
        return configuration + clock + (data ?? []) + certificates + APICheck.all(of: host.api)
            + cluster
    }

    /// All checks, for a number of connections that a number of daemons share.
    static func all(of host: HostFacts, connections: Int, processes: Int) -> [HostCheck] {
        let each = (connections + processes - 1) / processes
        let descriptors = each + Limits.reservedDescriptors
        let backlog = Int(Listener.backlog)
        // An idle connection has no TCP buffers. A fan-out gives each of them a page at once.
        let pages = connections * max(4_096 / host.pageBytes, 1)
        // `ulimit` refuses a limit above the ceiling, and systemd reduces it.
        let isBelow = host.descriptorCeiling.map { descriptors <= $0 } ?? true
        return [
            atLeast(
                "descriptors that a process may be given (fs.nr_open)", host.descriptorCeiling,
                descriptors, sysctl("fs.nr_open", descriptors)),
            atLeast(
                "descriptors of a process (nofile)", host.descriptors, descriptors,
                (isBelow ? "" : "once fs.nr_open is raised: ")
                    + "ulimit -n \(descriptors) as root, LimitNOFILE=\(descriptors) with systemd, "
                    + "or nofile in /etc/security/limits.conf"),
            table(each),
            atLeast(
                "memory in MiB", host.memory.map { $0 >> 20 }, memoryNeeded(connections) >> 20,
                "each connection takes about \(ConnectionBudget.kernelBytes >> 10) KiB of the "
                    + "kernel's memory: add memory, or serve fewer"),
            budget(host),
            atLeast(
                "open files of the host (fs.file-max)", host.openFiles,
                connections + connections / 10, sysctl("fs.file-max", connections * 2)),
            atLeast(
                "accept queue (net.core.somaxconn)", host.acceptQueue, backlog,
                sysctl("net.core.somaxconn", backlog)),
            atLeast(
                "half-open connections (net.ipv4.tcp_max_syn_backlog)", host.synQueue, 1_024,
                sysctl("net.ipv4.tcp_max_syn_backlog", backlog)),
            atLeast(
                "pages for TCP buffers (net.ipv4.tcp_mem)", host.tcpPages, pages,
                "sysctl -w net.ipv4.tcp_mem='\(pages / 2) \(pages * 3 / 4) \(pages)'"),
            tracking(host, connections),
            ports(host, connections),
        ]
    }

    private static func memoryNeeded(_ connections: Int) -> Int {
        connections * ConnectionBudget.kernelBytes
    }

    private static func sysctl(_ name: String, _ value: Int) -> String {
        "sysctl -w \(name)=\(value), and the same in /etc/sysctl.d/hubbub.conf to keep it"
    }

    private static func atLeast(
        _ name: String, _ found: Int?, _ needed: Int, _ remedy: String
    ) -> HostCheck {
        guard let found else {
            return HostCheck(name: name, found: "can't be read here", isFit: true, remedy: "")
        }
        guard found < needed else {
            return HostCheck(name: name, found: "\(found)", isFit: true, remedy: "")
        }
        return HostCheck(
            name: name, found: "\(found), \(needed) needed", isFit: false, remedy: remedy)
    }

    /// The table that a daemon grows at start, and its memory.
    private static func table(_ connections: Int) -> HostCheck {
        let descriptors = TableGrowth.descriptors(for: connections)
        let kibibytes = (TableGrowth.bytes(for: descriptors) + 1_023) >> 10
        return HostCheck(
            name: "table of descriptors of a process",
            found: "grown to \(descriptors) at start, \(kibibytes) KiB of the kernel's memory: 8 "
                + "bytes for each, rounded up to a power of two, and a bitmap",
            isFit: true, remedy: "")
    }

    /// The memory that the daemon keeps for clients if nothing else is set.
    private static func budget(_ host: HostFacts) -> HostCheck {
        let found = host.usable.map { usable in
            "\(usable.bufferBudget >> 20), of \(usable.text)"
        }
        return HostCheck(
            name: "default of --buffer-budget in MiB", found: found ?? "can't be read here",
            isFit: true, remedy: "")
    }

    private static func tracking(_ host: HostFacts, _ connections: Int) -> HostCheck {
        let name = "connections that the firewall follows (nf_conntrack_max)"
        guard let tracked = host.trackedConnections else {
            return HostCheck(name: name, found: "it follows none", isFit: true, remedy: "")
        }
        return atLeast(
            name, tracked, connections + connections / 10,
            sysctl("net.netfilter.nf_conntrack_max", connections * 2))
    }

    /// A server needs one port. A proxy or load tester at one address needs a port for each
    /// connection. That concerns this host only if it runs there.
    private static func ports(_ host: HostFacts, _ connections: Int) -> HostCheck {
        let name = "ports for a proxy or a load test here (net.ipv4.ip_local_port_range)"
        guard let ports = host.ports else {
            return HostCheck(name: name, found: "can't be read here", isFit: true, remedy: "")
        }
        let found = "\(ports.count) for each pair of addresses"
        guard ports.count < connections else {
            return HostCheck(name: name, found: found, isFit: true, remedy: "")
        }
        return HostCheck(
            name: name, found: found, isFit: true,
            remedy: "spread them over more source or target addresses, as hubbub-load does on "
                + "loopback, or widen the range to 1024 65535")
    }
}
