/// The faults of a configuration, up to a number that somebody would read.
struct FaultList: Error, Equatable {
    /// The most faults that are listed.
    static let most = 100

    private(set) var complaints: [Complaint] = []

    var isEmpty: Bool { complaints.isEmpty }

    /// The text is made only if it will be listed.
    mutating func add(_ place: FilePlace, _ text: @autoclosure () -> String) {
        guard complaints.count <= Self.most else { return }
        complaints.append(Complaint(.configuration, "\(place): \(text())", at: place))
    }

    mutating func append(_ complaint: Complaint) {
        if complaints.count <= Self.most { complaints.append(complaint) }
    }

    mutating func append(_ others: FaultList) {
        for complaint in others.complaints { append(complaint) }
    }

    /// The value that `read` returns. If it complains, the complaint is kept, and the result is
    /// nil.
    mutating func collect<Value>(_ read: () throws(Complaint) -> Value) -> Value? {
        do throws(Complaint) {
            return try read()
        } catch {
            append(error)
            return nil
        }
    }

    /// Throws itself if it has a fault.
    func check() throws(FaultList) {
        if !isEmpty { throw self }
    }

    /// One line for each fault, those of the file first, in its order.
    var lines: [String] {
        let inFile = complaints.filter { $0.place != nil }.sorted { left, right in
            guard let first = left.place, let second = right.place else { return false }
            return first < second
        }
        let shown = (inFile + complaints.filter { $0.place == nil }).prefix(Self.most)
        let more = complaints.count > Self.most ? ["There are more faults."] : []
        return shown.map(\.line) + more
    }

    /// The exit code: a fault of the file decides.
    var status: Complaint.Status {
        complaints.contains { $0.status == .configuration }
            ? .configuration : complaints.first?.status ?? .configuration
    }
}
