internal import ChatServer
internal import Logging
internal import Reactor

/// Grows the kernel's table of descriptors at start, and logs a failure.
struct TableGrowth {
    /// The largest number of descriptors that the table is grown to, whatever `--max-connections`
    /// is. It then takes 8 MiB of the kernel's memory. Beyond that the table doubles as it fills,
    /// at most four times.
    private static let most = 1 << 20

    /// Descriptors that the table should hold.
    private let descriptors: Int
    /// The reason why it was not grown. Nil if it was.
    private let refusal: SystemError?

    /// Grows the table for a number of connections. The process must not have a second thread yet.
    init(for connections: Int) {
        descriptors = Self.descriptors(for: connections)
        do throws(SystemError) {
            try DescriptorTable.grow(to: descriptors)
            refusal = nil
        } catch {
            refusal = error
        }
    }

    /// Descriptors that the table is grown to for a number of connections.
    static func descriptors(for connections: Int) -> Int {
        min(connections + Limits.reservedDescriptors, most)
    }

    /// Bytes of the kernel's memory for a table that holds so many descriptors: a pointer and two
    /// bits for each, and a bit for each 64, rounded up to the next power of two.
    static func bytes(for descriptors: Int) -> Int {
        var places = 64
        while places < descriptors { places *= 2 }
        return places * 8 + places / 4 + places / 512
    }

    /// Warns if the table was not grown.
    func warn(_ log: Logger) {
        guard let refusal else { return }
        log.warning(
            """
            The kernel's table of descriptors was not grown to \(descriptors): at each doubling \
            all clients wait up to 25 ms. Add memory, raise fs.nr_open, or lower --max-connections
            """, metadata: ["error": "\(refusal)"])
    }
}
