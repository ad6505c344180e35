import Testing

/// The rules for JavaScript: each finds a breach, and the repository has none.
@Suite struct PageModulesTests {
    @Test func `no file of JavaScript is long without a reason`() throws {
        let repository = try Repository()
        #expect(repository.files.contains { $0.path.hasSuffix(".mjs") })
        expectNone(repository.files.flatMap(JavaScriptLength.findings(in:)))
        for path in JavaScriptLength.exceptions.keys {
            #expect(repository.file(path).map(JavaScriptLength.isTooLong) == true, "\(path)")
        }
    }

    @Test func `the page's modules import what they need without a circle`() throws {
        let modules = PageModules(try Repository().files)
        #expect(Set(PageModules.entries).isSubset(of: modules.paths))
        expectNone(modules.brokenImports)
        expectNone(modules.circles)
        expectNone(modules.unreachable)
        expectNone(modules.missingImports)
        expectNone(modules.idleImports)
    }

    @Test(arguments: [
        ("a.js", 250, false), ("a.js", 251, true), ("a.mjs", 251, true), ("a.swift", 251, false),
        ("Sources/ChatServer/Resources/hubbub.js", 251, false),
    ])
    func `a long file is found`(path: String, count: Int, isFound: Bool) {
        let file = SourceFile(path: path, text: String(repeating: "a;\n", count: count))
        #expect(JavaScriptLength.findings(in: file).map(\.line) == (isFound ? [251] : []))
    }

    @Test func `modules that point one way have no findings`() {
        let modules = Self.modules([
            "Page/page.js": """
            import { Hubbub } from "/hubbub.js";
            import { a, b } from "./Lines/a.js";
            a(b, new Hubbub());
            """,
            "Page/Lines/a.js": """
            import { c } from "../c.js";
            export const a = 1;
            export async function b() { return c; }
            """,
            "Page/c.js": """
            /** Not a, nor b. */
            export class c {} // b or "a"
            c.a = { b: "a" }.b;
            """,
            "hubbub.js": "export function Hubbub() {}",
        ])
        let all = [
            modules.brokenImports, modules.circles, modules.unreachable, modules.missingImports,
            modules.idleImports,
        ]
        expectNone(all.flatMap(\.self))
    }

    @Test func `a circle is found`() {
        let modules = Self.modules([
            "Page/page.js": "import { a } from \"./a.js\";",
            "Page/a.js": "import { b } from \"./b.js\";\nexport const a = b;",
            "Page/b.js": "import { a } from \"./a.js\";\nexport const b = a;",
        ])
        #expect(Self.files(modules.circles) == ["Page/a.js", "Page/b.js"])
    }

    @Test func `a module that no page needs is found`() {
        let modules = Self.modules(["Page/page.js": "", "Page/a.js": "", "examples.js": ""])
        #expect(Self.files(modules.unreachable) == ["Page/a.js"])
    }

    @Test(arguments: [
        "import { c } from \"./a.js\";", "import { a, c } from \"./a.js\";",
        "import { a } from \"./Lines/a.js\";", "import { a } from \"/a.js\";",
    ])
    func `an import of a missing file or name is found`(text: String) {
        let modules = Self.modules(["Page/page.js": text, "Page/a.js": "export const a = 1;"])
        #expect(Self.files(modules.brokenImports) == ["Page/page.js"])
    }

    @Test(arguments: ["a();", "let c = a;", "const c = { a };", "`${a}`", "c(...a)", "!a"])
    func `a name without an import is found`(text: String) {
        let modules = Self.modules(["Page/page.js": text, "Page/a.js": "export const a = 1;"])
        #expect(modules.missingImports.map(\.problem) == ["uses a without importing it"])
    }

    @Test func `an unused import is found`() {
        let modules = Self.modules([
            "Page/page.js": "import { a, b } from \"./a.js\";\nb.a;",
            "Page/a.js": "export const a = 1;\nexport const b = 1;",
        ])
        #expect(modules.idleImports.map(\.problem) == ["imports a and doesn't use it"])
    }

    private static func modules(_ texts: [String: String]) -> PageModules {
        PageModules(texts.map { SourceFile(path: PageModules.folder + $0, text: $1) })
    }

    private static func files(_ findings: [Finding]) -> [String] {
        findings.map { String($0.path.dropFirst(PageModules.folder.count)) }
    }

    private func expectNone(
        _ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let text = findings.map(\.description).joined(separator: "\n")
        #expect(findings.isEmpty, "\(text)", sourceLocation: sourceLocation)
    }
}
