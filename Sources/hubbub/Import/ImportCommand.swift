internal import ArgumentParser
internal import Chat
internal import ChatServer
internal import ChatStore
internal import Console

/// The command `hubbub import`. It stores lines of a file.
struct ImportCommand: ParsableCommand, ConfiguredCommand {
    static let name = "import"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Store lines of an export.",
        discussion: """
            The daemon must be stopped. FILE has one JSON object in each line, as `hubbub export` \
            writes them: room, time (RFC 3339), username and message. Other fields are ignored. \
            With - it is standard input.

            Each line is checked as if a client sent it. All lines are stored, or none: if one is \
            wrong, each wrong line is named with its number. Lines keep their times, and get the \
            next numbers of their rooms, in the order of the file.

            The daemon deletes lines older than --retain-days, and the oldest beyond \
            --retain-lines, also after an import. A room is cut behind its last line that is too \
            old, so old lines are best imported into a room of their own.

            Examples:
              hubbub export --all > rooms.ndjson
              hubbub import rooms.ndjson --data /var/lib/hubbub --dry-run
              zcat old.ndjson.gz | hubbub import - --room archive

            Exit codes: 0; 64 a wrong argument; 65 a line is wrong, or the database is damaged; \
            66 there is no such file; 69 a daemon uses the data directory; 73 the data directory \
            can't be created or written; 74 it can't be written, for instance because the disk \
            is full; 77 this user may not write the database.
            """)

    @Argument(
        help: ArgumentHelp("The file to read, or - for standard input", valueName: "file"))
    var file: String

    @Option(
        Setting(
            flag: "room", placeholder: "room", what: "Room for all lines",
            accepted: RoomName.form, fallback: nil, fallbackText: "the room that each line names",
            parse: { RoomName($0).map { .some($0) } ?? .none },
            variablePrefix: "HUBBUB_IMPORT_"))
    var room: Given<RoomName?>

    @Flag(help: "Check all lines, and store none.")
    var dryRun = false

    @OptionGroup var data: DataOptions

    var config: Given<String?> { data.config }

    @Option(.textCharacters)
    var textCharacters: Given<LimitChange>

    @Option(.usernameCharacters)
    var usernameCharacters: Given<LimitChange>

    func run() throws {
        try EnvironmentNames.warn()
        var limits = Limits()
        for limit in [textCharacters, usernameCharacters] {
            try limit.value().apply(to: &limits)
        }
        var reader = try LineReader(file, room: room.value(), limits: limits.chat) { fault in
            try StandardStream.error.write(line: "hubbub: \(fault)")
        }
        if dryRun {
            while try reader.next() != nil {}
            return try StandardStream.output.write(
                line: "\(reader.lines) lines are fit to be imported. None was stored.")
        }
        let (directory, lock) = try data.locked()
        defer { withExtendedLifetime(lock) {} }
        do {
            let report = try LineImport.store(into: directory) { try reader.next() }
            try StandardStream.output.write(line: text(of: report, oldest: reader.oldest))
        } catch let fault as ArchiveFault {
            throw Complaint(fault)
        }
    }

    private func text(of report: LineImport.Report, oldest: Timestamp?) -> String {
        var text = "Imported \(report.lines) lines into \(report.rooms) rooms."
        if report.disordered > 0 {
            text +=
                "\nIn \(report.disordered) rooms a line is older than one before it. When it is "
                + "too old for --retain-days, it takes those before it along."
        }
        let week = Int64(Retention().days) * 86_400_000
        if let oldest, oldest.milliseconds < SystemCalls.now().milliseconds - week {
            text +=
                "\nThe oldest line is of \(oldest.text). The daemon deletes lines older than "
                + "--retain-days (default: \(Retention().days) days) when it starts."
        }
        return text
    }
}
