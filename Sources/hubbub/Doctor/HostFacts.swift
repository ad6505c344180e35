internal import Foundation
internal import Reactor

/// What the host has and allows, as far as it decides how many connections there can be. Nil: it
/// can't be read here.
struct HostFacts {
    /// Descriptors of one process: the hard limit, which the daemon takes.
    var descriptors: Int?
    /// Descriptors that a process may be given at all (`fs.nr_open`).
    var descriptorCeiling: Int?
    /// Bytes of memory.
    var memory: Int?
    /// Descriptors of all processes (`fs.file-max`).
    var openFiles: Int?
    /// Connections that may wait to be accepted (`net.core.somaxconn`).
    var acceptQueue: Int?
    /// Half-open connections (`net.ipv4.tcp_max_syn_backlog`).
    var synQueue: Int?
    /// Pages that all TCP buffers may take (the last number of `net.ipv4.tcp_mem`).
    var tcpPages: Int?
    /// Ports that the kernel gives to connections which this host opens.
    var ports: ClosedRange<Int>?
    /// Connections that the firewall follows; nil where it follows none.
    var trackedConnections: Int?
    var pageBytes = 4_096
}

extension HostFacts {
    /// What holds on this machine now (proc(5), ip(7), tcp(7)).
    static func present() -> HostFacts {
        func numbers(_ path: String) -> [Int] {
            let text = (try? String(contentsOfFile: "/proc/sys/\(path)", encoding: .utf8)) ?? ""
            return text.split { $0.isWhitespace }.compactMap { Int($0) }
        }
        let ports = numbers("net/ipv4/ip_local_port_range")
        return HostFacts(
            descriptors: try? DescriptorLimit.raise(),
            descriptorCeiling: numbers("fs/nr_open").first,
            memory: SystemCalls.physicalMemory(),
            openFiles: numbers("fs/file-max").first,
            acceptQueue: numbers("net/core/somaxconn").first,
            synQueue: numbers("net/ipv4/tcp_max_syn_backlog").first,
            tcpPages: numbers("net/ipv4/tcp_mem").last,
            ports: ports.count == 2 && ports[0] <= ports[1] ? ports[0]...ports[1] : nil,
            trackedConnections: numbers("net/netfilter/nf_conntrack_max").first,
            pageBytes: SystemCalls.pageBytes())
    }
}
