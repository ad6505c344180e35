/// Which parts of the chat server use which. A part uses another one if its code names it.
struct PartGraph {
    /// One part names another.
    struct Arrow {
        let user: String
        let used: String
        /// The first line where it does.
        let path: String
        let line: Int
    }

    static let parts = [
        "AddressBook", "Allowances", "Budget", "ChunkPool", "Clock", "Connections",
        "Documents", "FanOut", "Feeder", "History", "Listening", "Outbox", "OutboundRing",
        "PresenceNews", "RoomStreams",
    ]
    /// Files whose names don't begin with the name of their part.
    private static let others = ["Coalescing": "RoomStreams"]

    private(set) var arrows: [Arrow] = []
    /// Parts without a file named after them.
    private(set) var lost: Set<String>

    init(_ files: [SourceFile]) {
        lost = Set(Self.parts)
        for file in files {
            guard let user = Self.part(of: file) else { continue }
            lost.remove(user)
            for used in Self.parts where used != user && !has(user, used) {
                let place = file.lines.firstIndex { $0.code.containsWord(used) }
                guard let place else { continue }
                arrows.append(
                    Arrow(user: user, used: used, path: file.path, line: place + 1))
            }
        }
    }

    private func has(_ user: String, _ used: String) -> Bool {
        arrows.contains { $0.user == user && $0.used == used }
    }

    /// `Feeder` for `Rooms/Feeder+Pages.swift`.
    private static func part(of file: SourceFile) -> String? {
        let name = file.path.split(separator: "/").last ?? ""
        let stem = String(name.prefix { $0 != "+" && $0 != "." })
        let part = others[stem] ?? stem
        return parts.contains(part) ? part : nil
    }

    /// Arrows that lead back to their start, in any number of steps, and parts without a file.
    var findings: [Finding] {
        let circles = arrows.filter { reach(from: $0.used).contains($0.user) }.map { arrow in
            Finding(
                path: arrow.path, line: arrow.line,
                problem: "\(arrow.user) uses \(arrow.used), and is in turn used by it")
        }
        return circles
            + lost.sorted().map { part in
                Finding(
                    path: HouseRule.house, line: 1,
                    problem: "no file is named after the part \(part): correct its name here"
                )
            }
    }

    /// The part itself and all that it uses, directly or not.
    private func reach(from part: String) -> Set<String> {
        var reached: Set<String> = [part]
        var open = [part]
        while let next = open.popLast() {
            for arrow in arrows where arrow.user == next {
                if reached.insert(arrow.used).inserted { open.append(arrow.used) }
            }
        }
        return reached
    }
}
