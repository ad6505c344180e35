internal import Foundation

/// Reads a file, or standard input, line by line. Only one line is in memory.
struct LineFile {
    /// Bytes of the longest line: more than any line that an export writes.
    static let lineLimit = 8 << 20
    private static let readBytes = 1 << 16

    enum Line: Equatable {
        case bytes([UInt8])
        case tooLong
    }

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    /// The first byte of the buffer that was not taken.
    private var start = 0
    /// Where to look for the next line feed.
    private var searched = 0
    private var isAtEnd = false
    private var isTooLong = false

    /// `-` is standard input.
    init(_ path: String) throws(Complaint) {
        if path == "-" {
            handle = .standardInput
            return
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Complaint(.noInput, "\(path) can't be read: name a file that this user may read")
        }
        self.handle = handle
    }

    /// The next line without its line feed. Nil at the end.
    mutating func next() throws(Complaint) -> Line? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(upTo: end, next: end + 1)
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count || isTooLong else { return nil }
                return take(upTo: buffer.count, next: buffer.count)
            }
            if buffer.count - start > Self.lineLimit {
                isTooLong = true
                buffer = []
                (start, searched) = (0, 0)
            }
            try read()
        }
    }

    private mutating func take(upTo end: Int, next: Int) -> Line {
        defer {
            (start, searched) = (next, next)
            isTooLong = false
        }
        return isTooLong || end - start > Self.lineLimit
            ? .tooLong : .bytes(Array(buffer[start..<end]))
    }

    private mutating func read() throws(Complaint) {
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        do {
            let bytes = try handle.read(upToCount: Self.readBytes) ?? Data()
            buffer += bytes
            isAtEnd = bytes.isEmpty
        } catch {
            throw Complaint(.noInput, "the input can't be read: \(error.localizedDescription)")
        }
    }
}
