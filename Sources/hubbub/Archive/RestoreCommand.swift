internal import ArgumentParser
internal import Chat
internal import ChatStore
internal import Console

/// The command `hubbub restore`. It puts a copy of the database in its place.
struct RestoreCommand: ParsableCommand, ConfiguredCommand {
    static let name = "restore"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Put a backup in the place of the stored lines.",
        discussion: """
            The daemon must be stopped. FILE is a file of `hubbub backup`, or any other whole \
            copy of the database; it isn't changed. It is checked before anything else happens. \
            If something fails, everything stays as it was.

            The database that was in use is kept as hubbub.db.before-restore-TIME in the data \
            directory. Delete it when you no longer need it, or restore it.

            A new epoch begins. No number of a lost line is given to another one, as far as the \
            database that was in use can be read. Clients that come back with numbers of lost \
            lines are told that they have missed lines.

            The daemon deletes lines older than --retain-days, also after a restore.

            Examples:
              systemctl stop hubbub
              sudo hubbub restore --data /var/lib/hubbub /backup/hubbub.db
              systemctl start hubbub

            Exit codes: 0; 64 a wrong argument; 65 the file is damaged, is no database of \
            Hubbub, or of a newer version; 66 there is no such file; 69 a daemon uses the data \
            directory; 73 the data directory can't be created or written; 74 it can't be \
            written, for instance because the disk is full; 77 this user may not read the file.
            """)

    @Argument(help: ArgumentHelp("The file of `hubbub backup`", valueName: "file"))
    var file: String

    @OptionGroup var data: DataOptions

    var config: Given<String?> { data.config }

    func run() throws {
        try EnvironmentNames.warn()
        let (directory, lock) = try data.locked()
        defer { withExtendedLifetime(lock) {} }
        let report = try put(into: directory)
        let kept = report.kept.map {
            "\nThe database that was in use is kept as \($0). Delete it when you no longer need it."
        }
        let newest = report.newest.map { ", the newest of \($0.text)" }
        try StandardStream.output.write(
            line: "Restored \(report.rooms) rooms, \(report.lines) lines\(newest ?? ""), "
                + "\(report.bytes) bytes. The epoch \(report.epoch) begins.\(kept ?? "")")
    }

    private func put(into directory: String) throws(Complaint) -> Restore.Report {
        do throws(ArchiveFault) {
            return try Restore.put(file, into: directory)
        } catch {
            throw Complaint(error)
        }
    }
}

extension Timestamp {
    /// As in RFC 3339.
    var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
