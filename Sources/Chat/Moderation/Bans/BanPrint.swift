/// Fingerprints of what bans are found by: a million of them fit into few pages, so a search that
/// finds nothing, as most do, touches little memory. Two keys may have the same one, so a find is
/// looked at.
enum BanPrint {
    static func of(_ key: BanKey) -> UInt64 {
        switch key {
        case .user(let user): ofUser(user.text)
        case .name(let name): ofName(hash(name.text))
        case .guest(let name, let block): ofGuest(hash(name.text), block)
        case .block(let block): mixed(3, block)
        }
    }

    static func ofUser(_ user: String) -> UInt64 {
        var hasher = Hasher()
        user.hashBytes(into: &hasher)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// `name` is ``hash(_:)`` of the name.
    static func ofName(_ name: UInt64) -> UInt64 { mixed(1, name) }

    static func ofGuest(_ name: UInt64, _ block: UInt64) -> UInt64 {
        mixed(2, name ^ block &* 0x9E37_79B9_7F4A_7C15)
    }

    static func ofBlock(_ block: UInt64) -> UInt64 { mixed(3, block) }

    static func ofConnection(_ connection: UInt64) -> UInt64 { mixed(4, connection) }

    /// The hash of a name in the form in which names are compared. No string is made of most names.
    static func hash(_ name: String) -> UInt64 {
        var hasher = Hasher()
        let bytes = name.utf8.span
        var (word, all): (UInt64, UInt8) = (0, 0)
        for index in bytes.indices {
            let byte = bytes[index]
            all |= byte
            word = word &<< 8 | UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            if index & 7 == 7 { hasher.combine(word) }
        }
        if all >= 0x80 {
            let folded = name.lowercased()
            if !folded.hasSameBytes(as: name) { return hash(folded) }
        }
        hasher.combine(word)
        hasher.combine(bytes.count)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The finalizer of MurmurHash3, with a tag for each kind.
    private static func mixed(_ tag: UInt64, _ word: UInt64) -> UInt64 {
        var hash = word &+ tag &* 0xD6E8_FEB8_6659_FD93
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
