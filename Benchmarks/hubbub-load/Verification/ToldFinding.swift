/// A reported finding: its text, and its numbers for programs.
struct ToldFinding: Codable, Equatable {
    let kind: Finding.Kind
    var connection: Int?
    var sender: Int?
    /// The sender's lines, counted from 0.
    var firstLine: Int?
    var lastLine: Int?
    let text: String

    init(_ finding: Finding) {
        kind = finding.kind
        text = finding.description
        switch finding {
        case .lost(let connection, let sender, let counters):
            self.connection = connection
            self.sender = sender
            (firstLine, lastLine) = (counters.lowerBound, counters.upperBound)
        case .doubled(let connection, let id), .reordered(let connection, let id, _),
            .strayed(let connection, let id), .glued(let connection, let id):
            take(connection, id)
        case .corrupt(let connection, let id): take(connection, id)
        case .invented(let connection, let id): take(connection, id)
        case .ended(let connection, _, _): take(connection, nil)
        case .disordered: break
        }
    }

    private mutating func take(_ connection: Int?, _ id: LineID?) {
        self.connection = connection
        sender = id?.sender
        (firstLine, lastLine) = (id?.counter, id?.counter)
    }
}
