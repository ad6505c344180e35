import Testing

@testable import TLS

struct HandshakePoolTests {
    @Test("a job that was taken isn't kept until the others are done")
    func takenJobIsNotKept() {
        let pool = HandshakePool<TLSSession> { nil }
        var jobs = (0..<3).map { HandshakeJob<TLSSession>(place: $0, generation: 1) }
        weak let first = jobs[0]
        for job in jobs { pool.submit(job) }
        jobs = []
        pool.workOnNext()
        #expect(first != nil)
        #expect(pool.takeDone().map(\.place) == [0])
        #expect(first == nil)
        pool.workOnNext()
        pool.workOnNext()
        #expect(pool.takeDone().map(\.place) == [1, 2])
    }
}
