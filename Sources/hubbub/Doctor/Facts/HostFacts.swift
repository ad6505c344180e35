internal import Foundation
internal import Reactor

/// What the doctor knows of the host. Nil if a value can't be read here, or wasn't asked for.
struct HostFacts {
    /// Descriptors of one process: the hard limit, which the daemon raises its limit to.
    var descriptors: Int?
    /// The kernel's ceiling for the descriptors of a process (`fs.nr_open`).
    var descriptorCeiling: Int?
    /// Bytes of memory that a process may take.
    var memory: Int?
    /// That memory with what limits it, and the buffer budget that follows.
    var usable: UsableMemory?
    /// Descriptors of all processes (`fs.file-max`).
    var openFiles: Int?
    /// Connections that may wait to be accepted (`net.core.somaxconn`).
    var acceptQueue: Int?
    /// Half-open connections (`net.ipv4.tcp_max_syn_backlog`).
    var synQueue: Int?
    /// Pages that all TCP buffers may take (the last number of `net.ipv4.tcp_mem`).
    var tcpPages: Int?
    /// Ports that the kernel assigns to connections from this host.
    var ports: ClosedRange<Int>?
    /// Connections that the firewall tracks. Nil if it tracks none.
    var trackedConnections: Int?
    var pageBytes = 4_096
    var configuration: ConfigurationFacts?
    var clock: ClockFacts?
    var data: DataFacts?
    var certificates: [CertificateFacts] = []
    var api = APIFacts()
    /// Nil if rooms aren't shared.
    var cluster: ClusterFacts?
}

extension HostFacts {
    /// The present values of this machine (proc(5), ip(7), tcp(7)).
    static func present() -> HostFacts {
        func numbers(_ path: String) -> [Int] {
            let text = (try? String(contentsOfFile: "/proc/sys/\(path)", encoding: .utf8)) ?? ""
            return text.split { $0.isWhitespace }.compactMap { Int($0) }
        }
        let ports = numbers("net/ipv4/ip_local_port_range")
        return HostFacts(
            descriptors: try? DescriptorLimit.raise(),
            descriptorCeiling: numbers("fs/nr_open").first,
            memory: UsableMemory.inForce.bytes,
            usable: UsableMemory.inForce,
            openFiles: numbers("fs/file-max").first,
            acceptQueue: numbers("net/core/somaxconn").first,
            synQueue: numbers("net/ipv4/tcp_max_syn_backlog").first,
            tcpPages: numbers("net/ipv4/tcp_mem").last,
            ports: ports.count == 2 && ports[0] <= ports[1] ? ports[0]...ports[1] : nil,
            trackedConnections: numbers("net/netfilter/nf_conntrack_max").first,
            pageBytes: SystemCalls.pageBytes())
    }
}
