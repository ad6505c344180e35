internal import Foundation

/// An `error` with which a server refuses a line.
struct Refusal: Decodable, Equatable {
    /// The largest message that can be a refusal, in bytes.
    private static let limit = 4096

    let type: String
    let code: String?
    let reason: String?

    /// Nil if the message isn't a refusal.
    init?(_ message: Span<UInt8>) {
        guard message.count <= Self.limit, message.firstIndex(of: #""error""#.utf8.span) != nil
        else { return nil }
        var data = Data()
        for index in message.indices { data.append(message[index]) }
        guard let refusal = try? JSONDecoder().decode(Self.self, from: data),
            refusal.type == "error"
        else { return nil }
        self = refusal
    }

    /// The failure with its remedy, if a known limit of hubbub is the reason.
    func failure(connection: Int) -> Failure {
        let remedy =
            switch code {
            case "rate_limited":
                ": start hubbub with --lines-per-second 0, or let each sender send less"
            case "message_too_long":
                ": start the server with a higher --max-text-characters, or lower --payload"
            case "invalid_username":
                ": start the server with --max-username-characters 32"
            default: ""
            }
        let what = [code, reason].compactMap(\.self).joined(separator: ": ")
        return Failure("connection \(connection): the server refused a line (\(what))\(remedy)")
    }
}
