internal import Chat

/// Writes lines in one form. Each function appends to a buffer.
protocol ExportFormat {
    /// What comes before all lines.
    mutating func begin(_ room: RoomName?, into buffer: inout [UInt8])
    mutating func append(_ line: Line, of room: RoomName, into buffer: inout [UInt8])
    /// What comes after all lines.
    mutating func end(into buffer: inout [UInt8])
}
