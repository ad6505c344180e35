internal import ArgumentParser
internal import Chat
internal import ChatStore
internal import Console

/// The command `hubbub export`. It writes the stored lines of a room for other programs and people.
struct ExportCommand: ParsableCommand, ConfiguredCommand {
    static let name = "export"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Write the stored lines of a room as NDJSON, CSV or a page.",
        discussion: """
            The daemon may run meanwhile. Lines come in the order of their numbers, up to the \
            last one when the export begins. Memory doesn't grow with their number.

            ndjson: one JSON object in each line, byte for byte the event that members got: \
            room, seq, time (RFC 3339, UTC), username, message. `hubbub import` reads it.
            csv: RFC 4180, UTF-8, with a line of names. A text that a spreadsheet could run as a \
            formula, because it begins with =, +, -, @ or white space like a tab, gets an \
            apostrophe in front.
            html: one page for people, in light and dark, that needs no script and loads nothing.

            --from and --to take a number, a time like 2026-01-31T12:00:00Z, or a day like \
            2026-01-31 (UTC). Both ends are included.

            Examples:
              hubbub export lobby > lobby.ndjson
              hubbub export lobby --format html --from 2026-01-31 --output lobby.html
              hubbub export --all | gzip > rooms.ndjson.gz
              hubbub export --list

            --list prints a line for each room: its name, the number of its lines, the number of \
            the oldest, and the number of the last one ever, with tabs between.

            Exit codes: 0; 64 a wrong argument; 65 the database is damaged, or isn't one; 66 \
            there is no such room, or no database; 73 the file can't be created, or is there \
            already; 74 the output can't be written; 77 this user may not read the database; 141 \
            the output's reader has gone.
            """)

    enum Form: String, CaseIterable {
        case ndjson, csv, html
    }

    @Argument(help: ArgumentHelp("The room", valueName: "room"))
    var room: String?

    @Flag(help: "All rooms, in the order of their names.")
    var all = false

    @Flag(help: "List the rooms instead.")
    var list = false

    @Option(
        Setting(
            flag: "format", placeholder: "form", what: "Form of the lines",
            accepted: "ndjson, csv or html", fallback: .ndjson, fallbackText: "ndjson",
            parse: { Form(rawValue: $0) }, variablePrefix: "HUBBUB_EXPORT_"))
    var format: Given<Form>

    @Option(.bound("from", "The first line", fallback: "the oldest", isEnd: false))
    var from: Given<ExportBound?>

    @Option(.bound("to", "The last line", fallback: "the newest", isEnd: true))
    var to: Given<ExportBound?>

    @Option(
        Setting(
            flag: "output", placeholder: "file",
            what: "File to write, which appears when it is "
                + "whole", accepted: "a file that isn't there", fallback: nil,
            fallbackText: "standard output",
            parse: { $0.isEmpty ? .none : .some($0 == "-" ? nil : $0) },
            variablePrefix: "HUBBUB_EXPORT_"))
    var output: Given<String?>

    @Flag(help: "Replace the file if it is there already.")
    var force = false

    @OptionGroup var data: DataOptions

    var config: Given<String?> { data.config }

    func run() throws {
        try EnvironmentNames.warn()
        let name = try checkedRoom()
        let form = try format.value()
        let range = ExportRange(from: try from.value(), to: try to.value())
        let path = try output.value()
        do {
            let archive = try LineArchive(directory: data.path())
            if list { return try Self.list(archive) }
            let rooms = try name.map { [try Self.room($0, in: archive)] }
            let output = try ExportOutput(path, replacing: force, isJSON: form == .ndjson)
            var export = Export(archive, range, form.format, to: output)
            let lines = try export.run(rooms)
            if let path {
                try StandardStream.output.write(
                    line: "\(path): \(lines) lines, \(export.output.bytes) bytes")
            }
        } catch let fault as ArchiveFault {
            throw Complaint(fault)
        }
    }

    /// The room, or nil for all.
    private func checkedRoom() throws(Complaint) -> RoomName? {
        guard [room != nil, all, list].count(where: \.self) == 1 else {
            throw Complaint(.usage, "give one of: a room, --all, --list (see `hubbub help export`)")
        }
        guard let room else { return nil }
        guard let name = RoomName(room) else {
            throw Complaint(
                .usage, "\(room): \(RoomName.rule) (`hubbub export --list` lists rooms)")
        }
        return name
    }

    private static func room(
        _ name: RoomName, in archive: LineArchive
    ) throws -> LineArchive.Room {
        guard let room = try archive.room(name) else {
            throw Complaint(
                .noInput, "\(name.text): there is no such room; `hubbub export --list` lists rooms")
        }
        return room
    }

    private static func list(_ archive: LineArchive) throws {
        try archive.forEachRoom { room in
            try StandardStream.output.write(
                "\(room.name.text)\t\(room.lines)\t\(room.oldest)\t\(room.last)\n")
        }
    }
}

extension ExportCommand.Form {
    fileprivate var format: any ExportFormat {
        switch self {
        case .ndjson: ExportRecords()
        case .csv: ExportTable()
        case .html: ExportPage()
        }
    }
}

extension Setting<ExportBound?> {
    fileprivate static func bound(
        _ flag: String, _ what: String, fallback: String, isEnd: Bool
    ) -> Setting {
        Setting(
            flag: flag, placeholder: "bound", what: what,
            accepted: "a number, a day like 2026-01-31 or a time like 2026-01-31T12:00:00Z",
            fallback: nil, fallbackText: fallback,
            parse: { ExportBound($0, isEnd: isEnd).map { .some($0) } ?? .none },
            variablePrefix: "HUBBUB_EXPORT_")
    }
}
