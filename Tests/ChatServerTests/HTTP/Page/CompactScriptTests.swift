import Testing

@testable import ChatServer

@Suite struct CompactScriptTests {
    private func compact(_ source: String) -> String {
        String(decoding: CompactScript(Array(source.utf8)).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("// One.\nconst a = 1; // two\n/** Three:\n * const b; */\na();", "const a=1;a();\n"),
        ("  if (a) {\n    b([\n      c,\n    ]);\n  }\n  d()\n", "if(a){b([c,])}\nd()\n"),
        ("if (a) {\n  b(\"};\");\n}\nfor (; c;) { d(); }", "if(a){b(\"};\")}\nfor(;c;){d()}\n"),
        ("a\n  .b()\n  ?? c\n}\nd\n(e)", "a.b()??c}\nd\n(e)\n"),
        ("return -a + +b - -c ** 2 / d;", "return-a+ +b- -c**2/d;\n"),
        ("typeof a in { b: \"c  d\" }", "typeof a in{b:\"c  d\"}\n"),
        (
            "a = \"\\\"// b\" + `c  // ${d}\n  /* \\` */`;",
            "a=\"\\\"// b\"+`c  // ${d}\n  /* \\` */`;\n"
        ),
        ("x.replace(/(.{2})/, y)", "x.replace(/(.{2})/,y)\n"),
        ("é = 1; a é", "é=1;a é\n"),
        ("a // b", "a\n"), ("a /*/ b", "a\n"), ("", "\n"),
    ])
    func `comments and spare white space are left out`(source: String, expected: String) {
        #expect(compact(source) == expected)
        #expect(compact(expected) == expected)
    }
}
