internal import Chat
internal import Foundation
internal import Identity
internal import IdentityKeys

/// What `hubbub token` is asked for, checked by the rules of the server.
struct TokenRequestText {
    let maker: TokenMaker
    /// The address of the page, without a fragment. Nil if only the token is wanted.
    let link: String?

    init(_ command: TokenCommand) throws(Complaint) {
        let sub = command.sub
        guard 1...128 ~= sub.utf8.count, !sub.utf8.starts(with: "key:".utf8) else {
            throw Complaint(
                .usage, "--sub \(sub): give an id of 1 to 128 bytes that doesn't begin with key:")
        }
        var maker = TokenMaker(sub: sub)
        if let name = command.name {
            do throws(Refusal) {
                maker.name = try ChatText.checkedUsername(name, limits: ChatLimits())
            } catch {
                throw Complaint(.usage, "--name \(name): \(error.reason)")
            }
        }
        if let text = command.role {
            guard let role = Role(text) else { throw Self.wrongRole("--role \(text)") }
            maker.role = role
        }
        for text in command.rooms.flatMap({ $0.split(separator: ",") }) {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, RoomPattern(String(parts[0])) != nil else {
                throw Complaint(
                    .usage,
                    "--rooms \(text): give a room, or its beginning and *, and a role, "
                        + "such as go=moderator")
            }
            guard parts[1] == "none" || Role(String(parts[1])) != nil else {
                throw Self.wrongRole("--rooms \(text)")
            }
            maker.rooms = (maker.rooms ?? [:]).merging([String(parts[0]): String(parts[1])]) { $1 }
        }
        maker.issuer = try command.tokenIssuer.value()
        maker.audience = try command.tokenAudience.value()
        self.maker = maker
        link = try command.url.map(Self.page)
    }

    private static func page(_ text: String) throws(Complaint) -> String {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""),
            url.host()?.isEmpty == false, url.fragment() == nil
        else {
            throw Complaint(
                .usage,
                "--url \(text): give the address of the page, such as "
                    + "http://localhost:8080/")
        }
        return url.path().isEmpty ? text + "/" : text
    }

    private static func wrongRole(_ given: String) -> Complaint {
        let roles = Role.allCases.map(\.name).joined(separator: ", ")
        return Complaint(.usage, "\(given): give one of these roles: \(roles)")
    }
}
