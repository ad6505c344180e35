/// What a change finds among the lines of its evidence.
extension ChangeRequest.Evidence {
    /// The line with this number.
    package func line(_ seq: UInt64?) -> Line? {
        seq.flatMap { seq in lines.first { $0.seq == seq } }
    }

    /// The lines that a request is for, by what they have in common. Nil if it names them. Throws
    /// if it may not be made.
    package func match(for request: ChangeRequest) throws(Refusal) -> LineMatch? {
        let named = line(request.wanted.line)
        switch request.wanted {
        case .purge(let order):
            return try LineMatch(
                order, line: named, from: origin, by: request.author, at: request.time)
        case .ban(let order) where order.purges:
            return LineMatch(
                of: try order.target(line: named, from: origin, by: request.author),
                by: request.author)
        case .ban, .unban, .delete, .settings, .panic, .terms, .approve, .reject, .undo:
            return nil
        }
    }

    /// The lines that match.
    package func lines(of match: LineMatch) -> [Line] {
        lines.dropLast(matched).filter { match.takes($0, from: origins[$0.seq]) }
            + lines.suffix(matched)
    }
}

extension [Line] {
    /// The user that has said all of them. Nil if there are several, or guests.
    package var onlyUser: String? {
        guard let user = first?.author.user else { return nil }
        return allSatisfy { $0.author.user?.hasSameBytes(as: user) ?? false } ? user : nil
    }
}

extension Ban {
    /// Whether a later ban takes its place.
    func isReplaced(by other: Ban) -> Bool {
        isTimeout == other.isTimeout && target.entry == other.target.entry
    }
}
