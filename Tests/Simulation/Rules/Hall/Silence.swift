/// A fact about who says nothing in a room.
struct Silence {
    enum Target: Equatable {
        /// The holder of tokens with this `sub`, if it stands below.
        case user(String, below: Standing)
        case guestsNamed(String)
        /// A guest's connection.
        case connection(Int)
        /// Everybody who doesn't moderate.
        case everybody
        case guests
    }

    let target: Target
    /// When it was certain, on the hall's clock.
    let since: Int
    /// Milliseconds since 1970.
    let end: Int64
    /// Whether it keeps people out, too.
    let isBan: Bool

    /// Whether a line can't be, because it was said after this.
    func forbids(_ line: ChatEvent, _ said: HallLine) -> Bool {
        guard line.role != "system", since < said.at,
            let time = line.time.flatMap(ChatEvent.milliseconds), time < end
        else { return false }
        let standing = Standing(of: line)
        return switch target {
        case .user(let sub, let limit): line.user == sub && standing < limit
        case .guestsNamed(let name): line.user == nil && line.username == name
        case .connection(let number): line.user == nil && said.client == number
        case .everybody: standing < .moderator
        case .guests: standing == .guest
        }
    }

    /// Whether it keeps out a user of a standing that joins.
    func keepsOut(_ sub: String, _ standing: Standing, at time: Int64) -> Bool {
        guard isBan, time < end, case .user(sub, let limit) = target else { return false }
        return standing < limit
    }
}
