internal import ArgumentParser
internal import ChatStore
internal import Console
internal import Foundation

/// The command `hubbub backup`. It copies the database into a file.
struct BackupCommand: ParsableCommand, ConfiguredCommand {
    static let name = "backup"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Copy the stored lines into a file, while the daemon runs.",
        discussion: """
            The file is one state of the whole database: all rooms with their lines, numbers and \
            epochs. The daemon may run meanwhile, and waits for nothing. It may also be stopped. \
            The file is written as FILE.partial, checked, given to the disk, and then named FILE. \
            Only its owner may read it. An existing FILE is left alone without --force. With - \
            the copy goes to standard output.

            Examples:
              hubbub backup /backup/hubbub.db
              hubbub backup --data /var/lib/hubbub "/backup/$(date +%F).db"
              hubbub backup - | zstd > hubbub.db.zst

            `hubbub restore` puts such a file back.

            Exit codes: 0; 64 a wrong argument; 65 the database is damaged, or isn't one; 66 \
            there is no database; 69 another process writes the file; 73 the file can't be \
            created, or is there already; 74 it can't be written, for instance because the disk \
            is full; 77 this user may not read the database.
            """)

    @Argument(
        help: ArgumentHelp("The file to write, or - for standard output", valueName: "file"))
    var file: String

    @OptionGroup var data: DataOptions

    var config: Given<String?> { data.config }

    @Flag(help: "Replace the file if it is there already.")
    var force = false

    func run() throws {
        try EnvironmentNames.warn()
        let directory = try data.path()
        SystemCalls.stepBack()
        if file == "-" { return try stream(directory) }
        let report = try copy(directory, to: file)
        try StandardStream.output.write(line: "\(file): \(report.text)")
    }

    private func copy(
        _ directory: String, to file: String
    ) throws(Complaint) -> Backup.Report {
        do throws(ArchiveFault) {
            return try Backup.write(
                directory, to: file, replacing: force,
                sparing: DataDirectory.identityFiles)
        } catch {
            throw Complaint(error)
        }
    }

    /// Writes the copy to standard output. It is made in a directory for temporary files before,
    /// because SQLite goes back and forth in it.
    private func stream(_ directory: String) throws {
        guard !StandardStream.output.isTerminal else {
            throw Complaint(.usage, "-: standard output is a terminal: name a file, or use a pipe")
        }
        let files = FileManager.default
        let place = files.temporaryDirectory.appending(path: "hubbub-\(UUID().uuidString)")
        try files.createDirectory(
            at: place, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        defer { try? files.removeItem(at: place) }
        let file = place.appending(path: SQLiteStore.fileName)
        let report = try copy(directory, to: file.path)
        let handle = try FileHandle(forReadingFrom: file)
        while let bytes = try handle.read(upToCount: 1 << 18), !bytes.isEmpty {
            try StandardStream.output.write(bytes: Array(bytes))
        }
        try StandardStream.error.write(line: report.text)
    }
}

extension Backup.Report {
    /// For people.
    fileprivate var text: String { "\(rooms) rooms, \(lines) lines, \(bytes) bytes" }
}
