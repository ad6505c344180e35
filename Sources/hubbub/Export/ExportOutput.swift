internal import ChatStore
internal import Console

/// The destination of an export: standard output, or a file that appears when it is whole.
struct ExportOutput {
    /// Bytes that are written at once.
    private static let writtenAtOnce = 1 << 16

    private let file: FreshFile?
    private let isTerminal: Bool
    private let isJSON: Bool
    var buffer: [UInt8] = []
    private(set) var bytes = 0

    /// - Parameters:
    ///   - path: nil for standard output.
    ///   - isJSON: whether each line is JSON.
    init(_ path: String?, replacing: Bool, isJSON: Bool) throws(Complaint) {
        self.isJSON = isJSON
        do throws(ArchiveFault) {
            file = try path.map { path throws(ArchiveFault) in
                try FreshFile(path, replacing: replacing)
            }
        } catch {
            throw Complaint(error)
        }
        isTerminal = file == nil && StandardStream.output.isTerminal
    }

    /// Whole lines were appended to the buffer.
    mutating func appended() throws {
        if isTerminal || buffer.count >= Self.writtenAtOnce { try flush() }
    }

    /// All is appended.
    mutating func finish() throws {
        try flush()
        do throws(ArchiveFault) {
            try file?.publish()
        } catch {
            throw Complaint(error)
        }
    }

    private mutating func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        bytes += buffer.count
        if let file {
            do throws(ArchiveFault) {
                try file.write(buffer)
            } catch {
                throw Complaint(error)
            }
        } else if isTerminal {
            try show()
        } else {
            try StandardStream.output.write(bytes: buffer)
        }
    }

    /// Writes to a terminal, which must not obey other people's texts.
    private func show() throws {
        let lines = String(decoding: buffer, as: UTF8.self).split(separator: "\n")
        for line in lines {
            if isJSON {
                try StandardStream.output.write(json: String(line))
            } else {
                try StandardStream.output.write(line: String(line))
            }
        }
    }
}
