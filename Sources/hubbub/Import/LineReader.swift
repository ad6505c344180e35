internal import Chat
internal import Console

/// Makes lines of the records of an export, and reports each record that no client could have sent.
///
/// Only the first faults are reported, so that a file of another kind doesn't fill the screen.
struct LineReader {
    /// Records that are handed over together.
    private static let batch = 512
    /// Faults that are reported.
    private static let reports = 20

    private let name: String
    /// The room of all lines. Nil if each names its own.
    private let room: RoomName?
    private let limits: ChatLimits
    private var file: LineFile
    private var number = 0
    private var faults = 0
    private(set) var lines = 0
    /// The time of the oldest line.
    private(set) var oldest: Timestamp?
    private let report: (String) throws -> Void

    init(
        _ path: String, room: RoomName?, limits: ChatLimits,
        report: @escaping (String) throws -> Void
    ) throws(Complaint) {
        name = path == "-" ? "standard input" : path
        self.room = room
        self.limits = limits
        self.report = report
        file = try LineFile(path)
    }

    /// The next lines. Nil at the end. Throws at the end if any record is wrong: none is handed
    /// over after the first such record.
    mutating func next() throws -> [Draft]? {
        var drafts: [Draft] = []
        while drafts.count < Self.batch, let line = try file.next() {
            number += 1
            do throws(Refusal) {
                guard let draft = try draft(line) else { continue }
                lines += 1
                oldest = min(oldest ?? draft.time, draft.time)
                if faults == 0 { drafts.append(draft) }
            } catch {
                faults += 1
                drafts = []
                if faults <= Self.reports { try report("\(name):\(number): \(error.reason)") }
            }
        }
        guard faults == 0 else {
            if faults > Self.reports { try report("… and \(faults - Self.reports) more") }
            throw Complaint(
                .data,
                "\(name): \(faults) of \(faults + lines) lines can't be imported, so none is; "
                    + "correct them, or leave them out")
        }
        return drafts.isEmpty ? nil : drafts
    }

    /// Nil if the line is blank.
    private func draft(_ line: LineFile.Line) throws(Refusal) -> Draft? {
        guard case .bytes(let bytes) = line else {
            throw Refusal(
                .messageTooLong, "It is longer than \(LineFile.lineLimit) bytes: shorten it.")
        }
        // Some editors put a byte order mark before the first line.
        let hasMark = number == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let text = hasMark ? Array(bytes.dropFirst(3)) : bytes
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
        let record = try LineRecord(text.span)
        guard let room = room ?? record.room else {
            throw Refusal(
                .invalidRoom, "The field \"room\" is missing: add it, or name a room with --room.")
        }
        return Draft(
            room: room, time: record.time,
            username: try ChatText.checkedUsername(record.username, limits: limits),
            message: try ChatText.checkedMessage(record.message, limits: limits),
            by: record.author, key: nil)
    }
}
