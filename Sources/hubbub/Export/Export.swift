internal import Chat
internal import ChatStore

/// Writes lines of rooms in a format, page by page.
struct Export {
    private let archive: LineArchive
    private let range: ExportRange
    private var format: any ExportFormat
    private(set) var output: ExportOutput
    private var lines = 0

    init(
        _ archive: LineArchive, _ range: ExportRange, _ format: any ExportFormat,
        to output: ExportOutput
    ) {
        self.archive = archive
        self.range = range
        self.format = format
        self.output = output
    }

    /// Writes these rooms, or all. Returns the number of lines.
    mutating func run(_ rooms: [LineArchive.Room]?) throws -> Int {
        let single = rooms?.count == 1 ? rooms?.first?.name : nil
        format.begin(single, into: &output.buffer)
        if let rooms {
            for room in rooms { try write(room) }
        } else {
            try archive.forEachRoom { try write($0) }
        }
        format.end(into: &output.buffer)
        try output.finish()
        return lines
    }

    private mutating func write(_ room: LineArchive.Room) throws {
        let last = range.lastSeq(of: room.last)
        var next = max(range.firstSeq, room.oldest)
        while next <= last {
            let page = try archive.page(of: room.name, from: next, through: last)
            for line in page.lines where !line.isDeleted && range.contains(line.time) {
                lines += 1
                format.append(line, of: room.name, into: &output.buffer)
                try output.appended()
            }
            // The room is gone.
            guard page.through >= next else { return }
            next = page.through + 1
        }
    }
}
