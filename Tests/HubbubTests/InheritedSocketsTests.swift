import Testing

@testable import hubbub

@Suite struct InheritedSocketsTests {
    private func listed(
        _ environment: [String: String]
    ) throws(Complaint) -> [InheritedSockets.Inherited] {
        try InheritedSockets.listed(in: { environment[$0] }, processID: 42)
    }

    @Test(
        arguments: [
            [:],
            ["LISTEN_FDS": "1"],
            ["LISTEN_PID": "42"],
            ["LISTEN_PID": "43", "LISTEN_FDS": "1"],
            ["LISTEN_PID": "x", "LISTEN_FDS": "1"],
            ["LISTEN_PID": "42", "LISTEN_FDS": "0", "LISTEN_FDNAMES": ""],
        ])
    func `variables that are not meant for this process list nothing`(
        environment: [String: String]
    ) throws {
        #expect(try listed(environment) == [])
    }

    @Test(
        arguments: [
            (nil, [.http, .http]),
            ("http:https", [.http, .https]),
            ("https:hubbub.socket", [.https, .http]),
            ("unknown:", [.http, .http]), ("admin:admin-https", [.admin, .adminTLS]),
        ] as [(String?, [InheritedSockets.Purpose])])
    func `each socket has the purpose of its name`(
        names: String?, purposes: [InheritedSockets.Purpose]
    ) throws {
        var environment = ["LISTEN_PID": "42", "LISTEN_FDS": "2"]
        environment["LISTEN_FDNAMES"] = names
        let found = try listed(environment)
        #expect(found.map(\.descriptor) == [3, 4])
        #expect(found.map(\.purpose) == purposes)
    }

    @Test(
        arguments: [
            ("-1", nil, "LISTEN_FDS=-1"),
            ("many", nil, "LISTEN_FDS=many"),
            ("17", nil, "from 0 to 16"),
            ("2", "http", "LISTEN_FDNAMES=http: give a name for each of the 2 sockets"),
            ("1", "web", "web is not known; name each socket http, https, admin or admin-https"),
        ] as [(String, String?, String)])
    func `what can't be meant is refused`(count: String, names: String?, text: String) {
        var environment = ["LISTEN_PID": "42", "LISTEN_FDS": count]
        environment["LISTEN_FDNAMES"] = names
        let complaint = #expect(throws: Complaint.self) { try listed(environment) }
        #expect(complaint?.status == .usage)
        #expect(complaint?.text.contains(text) == true, "\(complaint?.text ?? "")")
    }
}
