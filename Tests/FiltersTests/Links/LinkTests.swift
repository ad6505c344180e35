import Filters
import Testing

@Suite struct LinkTests {
    @Test(arguments: [
        "https://example.com", "HTTP://EXAMPLE.COM/x", "see ftp://host/file",
        "http://localhost:8080", "http://[::1]/", "hxxps://evil.example",
        "www.example.example", "go to example.com", "example.com.", "(example.com)", "evil.co.uk",
        "bit.ly/abc", "t.me/joinchat", "youtu.be/abc?x",
        "discord.gg/abc", "sub.domain.it", "repubblica.it/x", "[click](https://evil.com)",
        "<https://evil.com>", "mailto:ann", "ann@example.com",
        "example\u{200B}.com", "exam\u{AD}ple.c\u{200D}om", "ｅｘａｍｐｌｅ．ｃｏｍ", "example。com",
        "example(.)com", "example[.]com", "еxample.соm",
        "пример.рф", "xn--e1afmkfd.xn--p1ai", "evil.xn--p1ai", "example.com:80",
        "example.com,example.org", "evil.xyz", "steam://run/440",
    ])
    func finds(text: String) {
        #expect(FoldedText(text).hasLink)
    }

    @Test(arguments: [
        "", "hello", "e.g. this", "i.e. that", "3.14", "v1.2.3", "1.2.3.4", "file.swift",
        "README.md", "main.rs and run.sh", "a.m. or p.m.",
        "U.S.A.", "wait...what", "ok.so what", "yes.it is", "done.in a minute", "node.js",
        "foo.bar()", "array.map", "user.name", "etc.", "...",
        "http", "http://", "://", "12:30", "a:b", "and/or", "c:/temp", "www", "www.", "Dr.Who",
        "com.apple", "hello.world", ".com", "привет.как",
        "std::vector", "3:0", "1.000.000", "mailto:", "x.y.z",
    ])
    func leaves(text: String) {
        #expect(!FoldedText(text).hasLink)
    }
}
