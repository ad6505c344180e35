import Testing

@testable import Chat

@Suite struct RefusalTests {
    @Test func `the codes are those of the protocol`() {
        #expect(
            Refusal.Code.allCases.map(\.rawValue) == [
                "invalid_json", "invalid_command", "unknown_type", "invalid_room",
                "invalid_username", "message_empty", "message_too_long", "not_joined",
                "too_many_rooms", "rate_limited", "id_reused", "store_unavailable",
                "forbidden", "invalid_token", "token_expired", "not_found", "slow_mode",
                "members_only", "too_new", "repeated", "links_refused", "frozen", "term_blocked",
                "timed_out", "banned",
                "undo_expired", "check_refused", "check_unavailable",
            ])
    }

    @Test(arguments: Refusal.Code.allCases)
    func `only the client's own errors count`(code: Refusal.Code) {
        // Rules of a room aren't the client's fault.
        let others: [Refusal.Code] = [
            .rateLimited, .storeUnavailable, .slowMode, .membersOnly, .linksRefused, .frozen,
            .timedOut, .tooNew, .repeated, .termBlocked, .checkRefused, .checkUnavailable,
        ]
        #expect(Refusal(code, "").countsTowardsErrorLimit == !others.contains(code))
    }

    @Test func `reasons name the input, the limit and the remedy`() throws {
        let tooLong = Refusal.messageTooLong(2_017, limit: 2_000)
        #expect(
            tooLong.reason
                == "The message has 2017 characters; at most 2000 are allowed: shorten it.")
        let control = Refusal.controlCharacter("\n")
        #expect(control.reason == "The user name has a control character, U+000A: leave it out.")
        #expect(
            Refusal.invalidRoom.reason
                == "A room's name has 1 to 64 characters of a-z, 0-9, '.', '_' and '-'.")
        #expect(Refusal.rateLimited(linesPerSecond: 5, retryAfter: 200).retryAfter == 200)
    }

    @Test func `valid forms with invalid content have their reasons`() throws {
        let room = try #require(RoomName("go"))
        #expect(
            Refusal.notJoined(room)
                == Refusal(.notJoined, "You aren't in the room \"go\": join it first."))
        #expect(
            Refusal.tooManyRooms(limit: 16)
                == Refusal(
                    .tooManyRooms, "At most 16 rooms at a time are allowed: leave one first."))
        #expect(
            Refusal.idReused
                == Refusal(
                    .idReused,
                    "The id was sent with another text within the last 5 minutes: choose a new one."
                ))
        #expect(
            Refusal.storeUnavailable(retryAfter: 1_500)
                == Refusal(
                    .storeUnavailable, "Lines can't be stored right now; try again in 1500 ms.",
                    retryAfter: 1_500))
        #expect(
            Refusal.usernameMissing
                == Refusal(
                    .invalidUsername,
                    "There is no user name yet: give one in join or in message."))
    }
}
