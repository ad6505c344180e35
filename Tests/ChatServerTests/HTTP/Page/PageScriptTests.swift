import Testing

@testable import ChatServer

@Suite struct PageScriptTests {
    /// The script of several modules. Each is named after the letter at its position.
    private func join(_ modules: String...) throws -> String {
        var script = PageScript()
        for (name, source) in zip("abc", modules) {
            try script.append(source, file: "\(name).js")
        }
        return script.text
    }

    @Test func `modules become one scope`() throws {
        let script = try join(
            """
            // What it is about.

            export const one = 1; // a comment behind code
            const own = 2;
            export async function two(a) {
              return a;
            }
            """,
            """
            import { Hubbub } from "/hubbub.js";
            import { one, two } from "./a.js";

            class Three {
              three = [one, two, "export"];
            }
            let five;
            """,
            """
            import { one } from "../Folder/a.js";
            function six() {}
            """)
        #expect(
            script == """
                // What it is about.
                const one = 1; // a comment behind code
                const own = 2;
                async function two(a) {
                  return a;
                }
                import { Hubbub } from "/hubbub.js";
                class Three {
                  three = [one, two, "export"];
                }
                let five;
                function six() {}

                """)
    }

    @Test(arguments: [
        ("const a = 1;\nclass a {}", "a second a"),
        ("function shared() {}", "a second shared"),
        ("import { shared } from \"/hubbub.js\";", "a second shared"),
        ("import { own } from \"./a.js\";", "no module before it exports own: ./a.js"),
        ("import { shared } from \"./c.js\";", "no module before it exports shared: ./c.js"),
        ("import { later } from \"./b.js\";", "no module before it exports later: ./b.js"),
        ("import { shared as b } from \"./a.js\";", "unknown form of import: "),
        ("import * as a from \"./a.js\";", "unknown form of import: "),
        ("import a from \"./a.js\";", "unknown form of import: "),
        ("import \"./a.js\";", "unknown form of import: "),
        ("import {", "unknown form of import: "),
        ("import { shared } from './a.js';", "unknown form of import: "),
        ("import { b } from \"https://a.example/b.js\";", "unknown form of import: "),
        ("export default 1;", "unknown form of declaration: "),
        ("export { a };", "unknown form of declaration: "),
        ("export * from \"./a.js\";", "unknown form of declaration: "),
        ("const [a, b] = c;", "unknown form of declaration: "),
        ("let a, b;", "unknown form of declaration: "),
        ("var a = 1;", "unknown form of declaration: "),
        ("function* a() {}", "unknown form of declaration: "),
    ])
    func `a module that can't be joined is reported`(source: String, problem: String) throws {
        let first = "export const shared = 1;\nconst own = 2;"
        let flaw = #expect(throws: PageScript.Flaw.self) {
            try join(first, source, "export const later = 3;")
        }
        #expect(flaw?.file == "b.js")
        #expect(flaw?.problem.hasPrefix(problem) == true)
    }

    @Test func `the chat page has one script, which imports only the library`() throws {
        let page = String(decoding: WebPage.chat.document.plain.content, as: UTF8.self)
        let parts = page.split(separator: "<script type=\"module\">\n")
        #expect(parts.count == 2)
        let script = try #require(parts.last?.split(separator: "</script>").first)
        #expect(script.contains(#"import{Hubbub}from"/hubbub.js";"#))
        #expect(script.split(separator: "import{").count == 2)
        #expect(!script.contains("import ") && !script.contains("export "))
        let last = #"if(matchMedia("(pointer: fine)").matches)composer.focusFirst();"#
        #expect(script.split(separator: "\n").last?.hasSuffix(last) == true)
    }
}
