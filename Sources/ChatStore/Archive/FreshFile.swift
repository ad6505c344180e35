internal import Foundation

/// A file that is written under a temporary name, and gets its own when it is whole and on the
/// disk. Only this user may read it.
///
/// The temporary file is locked while it is written. One that a killed process has left is used
/// again.
package final class FreshFile {
    private static let addition = ".partial"

    let path: String
    private let isReplacing: Bool
    private let descriptor: Int32
    private var isPublished = false

    /// The name until ``publish()``.
    var temporary: String { path + Self.addition }

    private var directory: String { URL(filePath: path).deletingLastPathComponent().path }

    /// Begins the file. Throws if there is one already, unless it is to be replaced.
    package init(_ path: String, replacing: Bool) throws(ArchiveFault) {
        self.path = path
        isReplacing = replacing
        if let node = FileCalls.node(at: path) {
            guard node.isRegular else {
                throw ArchiveFault(.uncreatable, "\(path) is not a file: name another one")
            }
            guard replacing else { throw Self.exists(path) }
        }
        let temporary = path + Self.addition
        let opened: Int32?
        do throws(FileCalls.Failure) {
            opened = try Self.open(temporary)
        } catch {
            throw ArchiveFault(
                .uncreatable,
                "\(path) can't be created (\(error)): name a file in a directory that can be "
                    + "written")
        }
        guard let opened else {
            throw ArchiveFault(.busy, "another process is writing \(temporary): wait for its end")
        }
        descriptor = opened
        Self.removeCompanions(of: temporary)
    }

    deinit {
        if !isPublished {
            Self.removeCompanions(of: temporary)
            FileCalls.remove(temporary)
        }
        FileCalls.close(descriptor)
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(ArchiveFault) {
        do throws(FileCalls.Failure) {
            try FileCalls.write(bytes, to: descriptor)
        } catch {
            throw ArchiveFault(error, path: path)
        }
    }

    /// Waits until what is written so far is on the disk.
    func synchronize() throws(ArchiveFault) {
        do throws(FileCalls.Failure) {
            try FileCalls.synchronize(descriptor)
        } catch {
            throw ArchiveFault(error, path: path)
        }
    }

    /// Gives the file its name, once it is on the disk.
    package func publish() throws(ArchiveFault) {
        try synchronize()
        do throws(FileCalls.Failure) {
            if isReplacing {
                try FileCalls.move(temporary, to: path)
            } else {
                try rename()
            }
        } catch {
            throw ArchiveFault(error, path: path)
        }
        isPublished = true
        FileCalls.synchronize(directory: directory)
    }

    /// Gives the file its name, unless another one has got it meanwhile.
    private func rename() throws(FileCalls.Failure) {
        do throws(FileCalls.Failure) {
            try FileCalls.link(temporary, as: path)
            FileCalls.remove(temporary)
        } catch {
            // Some file systems know no second names.
            guard FileCalls.node(at: path) == nil else { throw error }
            try FileCalls.move(temporary, to: path)
        }
    }

    /// Opens and locks the temporary file. Nil if another process has locked it.
    private static func open(_ temporary: String) throws(FileCalls.Failure) -> Int32? {
        while true {
            let descriptor = try FileCalls.openOwn(temporary)
            guard FileCalls.lock(descriptor) else {
                FileCalls.close(descriptor)
                return nil
            }
            // Its writer may have given it its name just before it unlocked it.
            guard FileCalls.node(of: descriptor) == FileCalls.node(at: temporary) else {
                FileCalls.close(descriptor)
                continue
            }
            try FileCalls.clear(descriptor)
            return descriptor
        }
    }

    private static func exists(_ path: String) -> ArchiveFault {
        ArchiveFault(
            .uncreatable, "\(path) is there already: name another file, or replace it with --force")
    }

    /// Removes what SQLite puts beside a database.
    private static func removeCompanions(of path: String) {
        for suffix in ["-journal", "-wal", "-shm"] { FileCalls.remove(path + suffix) }
    }
}
