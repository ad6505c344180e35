/// A token: what it says about its holder.
struct Pass: Equatable {
    let sub: String
    let name: String?
    let role: Standing
    /// The standing in each room; nil means that the room is closed. Others are closed if this is
    /// there.
    var rooms: [String: Standing?]?
    /// Seconds since 1970.
    let issued: Int64
    let expiry: Int64
    let jti: String

    /// Nil if the room is closed.
    func standing(in room: String) -> Standing? {
        guard let rooms else { return role }
        return rooms[room] ?? nil
    }

    var token: String {
        var claims = [
            #""sub":"\#(sub)""#, #""exp":\#(expiry)"#, #""iat":\#(issued)"#, #""jti":"\#(jti)""#,
            #""role":"\#(role.role)""#,
        ]
        if let name { claims.append(#""name":"\#(name)""#) }
        if let rooms {
            let fields = rooms.keys.sorted().map { room in
                #""\#(room)":"\#((rooms[room] ?? nil)?.role ?? "none")""#
            }
            claims.append(#""rooms":{\#(fields.joined(separator: ","))}"#)
        }
        return SimulatedVerifier.token("{\(claims.joined(separator: ","))}")
    }

    /// The line of an opening handshake that bears it.
    var header: String { "Authorization: Bearer \(token)" }

    /// A token for all of a crowd, where there are no guests. It outlives every storm. They share
    /// their names, so they are the same user.
    static func crowd(in world: World) -> [String] {
        let now = world.wallClock / 1_000
        let pass = Pass(
            sub: "crowd", name: nil, role: .member, rooms: nil, issued: now,
            expiry: now + 1_000_000, jti: "crowd")
        return [pass.header]
    }
}
