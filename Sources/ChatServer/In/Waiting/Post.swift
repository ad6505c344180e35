internal import Chat

/// The line of a request, and what its answer needs.
struct Post {
    let room: RoomName
    let content: PostedMessage
    /// The line's id. If the request has none, the server chooses it.
    let key: String
    let author: Author
    /// Whether the client keeps the connection for another request.
    let isLast: Bool

    /// Bytes of memory that it takes.
    var bytes: Int { MemoryLayout<Post>.size + content.message.utf8.count + key.utf8.count }
}
