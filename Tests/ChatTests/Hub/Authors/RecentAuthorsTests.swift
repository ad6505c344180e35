import Testing

@testable import Chat

@Suite struct RecentAuthorsTests {
    private let ann = Author(user: "ann")

    @Test func `a text counts for a minute, for its author and room`() {
        var authors = RecentAuthors()
        let other = RoomName("other") ?? .lobby
        let guest = authors.key(MemberID(index: 1), .guest, in: .lobby)
        let user = authors.key(MemberID(index: 1), ann, in: .lobby)
        authors.said(7, by: guest, at: 1_000)
        #expect(authors.hasSaid(7, by: guest, at: 60_999))
        #expect(!authors.hasSaid(7, by: guest, at: 61_000))
        #expect(!authors.hasSaid(8, by: guest, at: 1_000))
        #expect(!authors.hasSaid(7, by: user, at: 1_000))
        let there = authors.key(MemberID(index: 1), .guest, in: other)
        #expect(!authors.hasSaid(7, by: there, at: 1_000))
        #expect(authors.key(MemberID(index: 9), ann, in: .lobby) == user)
        authors.forgetTexts()
        #expect(!authors.hasSaid(7, by: guest, at: 1_000))
    }

    @Test func `the next connection is another guest`() {
        var authors = RecentAuthors()
        let first = authors.key(MemberID(index: 1), .guest, in: .lobby)
        #expect(authors.key(MemberID(index: 1), .guest, in: .lobby) == first)
        authors.gone(MemberID(index: 1))
        #expect(authors.key(MemberID(index: 1), .guest, in: .lobby) != first)
    }

    @Test func `the memory is bounded`() {
        var authors = RecentAuthors()
        let guest = authors.key(MemberID(index: 1), .guest, in: .lobby)
        var most = 0
        for number in 0..<200_000 {
            authors.said(UInt64(number), by: guest, at: 1_000 + UInt64(number / 1_000))
            most = max(most, authors.bytes)
        }
        #expect(most <= 65_536 * 32)
        #expect(authors.hasSaid(199_999, by: guest, at: 2_000))
        // Old texts are forgotten.
        for number in 0..<66_000 { authors.said(UInt64(number), by: guest, at: 100_000) }
        #expect(!authors.hasSaid(199_999, by: guest, at: 1_200))
    }
}
