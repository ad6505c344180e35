import ChatServer
import Reactor
import Testing

@testable import hubbub

/// Values of settings as people write them: accepted in a normal form, or refused with the reason.
@Suite struct SettingTextTests {
    @Test(arguments: [
        ("https://a.example", ["https://a.example"]),
        ("https://a.example:443", ["https://a.example"]),
        ("http://a.example:80", ["http://a.example"]),
        ("http://a.example:443", ["http://a.example:443"]),
        ("https://a.example/", ["https://a.example"]),
        ("HTTPS://A.Example:08443/", ["https://a.example:8443"]),
        ("http://localhost:3000, https://b ,", ["http://localhost:3000", "https://b"]),
        ("http://[::1]:3000", ["http://[::1]:3000"]),
        ("http://[2001:DB8:0:0:1:0:0:1]", ["http://[2001:db8::1:0:0:1]"]),
        ("http://[0:0:0:0:0:0:0:1]:80", ["http://[::1]"]),
        ("http://[2001:db8:1:2:3:4:5:6]", ["http://[2001:db8:1:2:3:4:5:6]"]),
        ("http://[1:0:2:3:4:5:6:7]", ["http://[1:0:2:3:4:5:6:7]"]),
        ("null", ["null"]), ("capacitor://localhost", ["capacitor://localhost"]),
    ])
    func `an origin is accepted in the form that browsers send`(text: String, origins: [String]) {
        #expect(OriginText.list(text) == origins)
        #expect(OriginText.hint(text) == nil)
    }

    @Test(arguments: [
        ("*", "leave the setting out"), ("https://*.example.org", "name each origin"),
        ("a.example", "https://a.example"), ("a.example:443", "https://a.example:443"),
        ("https://ä.example", "ASCII"), ("https://a/b", "ends with the host"),
        ("https://a?b", "ends with the host"), ("https://me@a", "ends with the host"),
        ("wss://a.example", "https://"), ("ws://a.example", "http://"),
        ("https://a:0", "1 to 65535"), ("https://a:65536", "1 to 65535"),
        ("https://a:", "1 to 65535"), ("https://a:b", "1 to 65535"), ("https://", "not a host"),
        ("https://a b", "ASCII"), ("http://[::1", "not a host"), ("http://[nonsense]", "IPv6"),
        ("http://a,https://b/c", "https://b/c"), ("1s://a", "not a scheme"),
    ])
    func `an origin that no browser sends is refused with the reason`(text: String, hint: String) {
        #expect(OriginText.list(text) == nil)
        #expect(OriginText.hint(text)?.contains(hint) == true, "\(OriginText.hint(text) ?? "-")")
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1/32"), ("[::1]", "::1/128"), ("::1", "::1/128"),
        ("localhost", "127.0.0.1/32 ::1/128"), ("10.0.0.0/8, 192.0.2.1", "10.0.0.0/8 192.0.2.1/32"),
    ])
    func `addresses of proxies are accepted`(text: String, blocks: String) throws {
        let found = try #require(ProxyText.list(text))
        #expect(found.map(\.description).joined(separator: " ") == blocks)
    }

    @Test(
        arguments: [
            ("proxy.example", "names are not looked up"), ("127.0.0.1:80", "has a port"),
            ("[::1]:80", "has a port"), ("*", "0.0.0.0/0"), ("127.0.0.1,nginx", "nginx is a name"),
            ("300.1.1.1", nil), ("10.0.0.0/33", nil), (",", nil), ("", nil),
        ] as [(String, String?)])
    func `an invalid address of a proxy is refused with the reason`(text: String, hint: String?) {
        #expect(ProxyText.list(text) == nil)
        let found = ProxyText.hint(text)
        #expect(hint.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "-")")
    }

    @Test(arguments: [
        ("::1", "::1"), ("[::1]", "::1"), ("localhost", "localhost"), ("0.0.0.0", "0.0.0.0"),
        ("[fe80::1%eth0]", "fe80::1%eth0"),
    ])
    func `a host is accepted without its brackets`(text: String, name: String) {
        #expect(HostText(text)?.name == name)
    }

    @Test(arguments: [
        ("localhost:8080", "--port"), ("[::1]:8080", "--port"), ("*", "leave it out"),
        ("http://localhost", "URL"), ("127.0.0.1:80", "--port"),
    ])
    func `a host with more around it is refused with the reason`(text: String, hint: String) {
        #expect(HostText(text) == nil)
        #expect(HostText.hint(text)?.contains(hint) == true)
    }

    @Test(arguments: [
        (Unit.bytes, "64KiB", 65_536), (.bytes, "64 kib", 65_536), (.bytes, "64k", 65_536),
        (.bytes, "64K", 65_536), (.bytes, "1M", 1 << 20), (.bytes, "1g", 1 << 30),
        (.bytes, "12B", 12), (.bytes, "12", 12), (.seconds, "5", 5_000), (.seconds, "5s", 5_000),
        (.seconds, "0.5", 500), (.seconds, "500ms", 500), (.seconds, "5m", 300_000),
        (.seconds, "1.5 min", 90_000), (.seconds, "2h", 7_200_000), (.seconds, "1d", 86_400_000),
        (.count("ms"), "20ms", 20), (.count("lines/s"), "5 lines/s", 5), (.count("days"), "7", 7),
    ])
    func `a number is accepted with its unit`(unit: Unit, text: String, value: Int) {
        #expect(unit.parse(text) == value)
    }

    @Test(
        arguments: [
            (Unit.bytes, "64kb", "write 64KiB"), (.bytes, "1MB", "write 1MiB"),
            (.bytes, "1 GB", "write 1GiB"), (.bytes, "", nil), (.bytes, "1e3", nil),
            (.bytes, "9999999999GiB", nil), (.bytes, "-1", nil), (.bytes, "1.5MiB", nil),
            (.seconds, "0.5ms", nil), (.seconds, "5M", nil), (.seconds, ".", nil),
            (.seconds, "1.2345", nil), (.seconds, "9223372036854775807", nil),
            (.count("lines"), "0.5", "whole number"), (.count("lines"), "5 days", nil),
            (.count("lines"), "5s", nil),
        ] as [(Unit, String, String?)])
    func `an invalid number is refused`(unit: Unit, text: String, hint: String?) {
        #expect(unit.parse(text) == nil)
        let found = unit.hint(text)
        #expect(hint.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "-")")
    }

    @Test(arguments: [
        ("start", "hubbub serve"), ("Run", "hubbub serve"), ("serv", "hubbub serve"),
        ("caht", "hubbub chat"), ("connect", "hubbub chat"), ("docter", "hubbub doctor"),
        ("surf", "serve, reload, config, chat, token, revoke, doctor"),
    ])
    func `an unknown command is reported with the one that is meant`(word: String, meant: String) {
        #expect {
            try CommandName.check(word)
        } throws: { error in
            guard let complaint = error as? Complaint else { return false }
            return complaint.status == .usage && complaint.text.hasPrefix("\(word): ")
                && complaint.text.contains(meant)
        }
    }

    @Test func `a variable that sets nothing is reported with the one that is meant`() {
        let problems = EnvironmentNames.problems(among: [
            "HUBBUB_PROT", "HUBBUB_PORT", "HUBBUB_REUSE_PORT", "HUBBUB_URL", "HUBBUB_NAME",
            "HUBBUB_CHAT_HISTORY", "HUBBUB_MAX_MESSAGE_BYTES", "HUBBUB_CONNECTIONS",
            "HUBBUB_LOAD_SECRET", "HUBBUB_SOMETHING_ELSE_ALTOGETHER", "PATH",
        ])
        #expect(problems.count == 2)
        #expect(
            problems.first == "HUBBUB_PROT is not a setting and is ignored; did you mean "
                + "HUBBUB_PORT?")
        #expect(
            problems.last?.hasPrefix("HUBBUB_SOMETHING_ELSE_ALTOGETHER is not a setting") == true)
    }
}
