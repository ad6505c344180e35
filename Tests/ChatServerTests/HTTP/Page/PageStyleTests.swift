import Testing

@testable import ChatServer

@Suite struct PageStyleTests {
    private func squeezed(_ sheet: String) -> String {
        String(decoding: PageStyle.squeezed(Array(sheet.utf8)), as: UTF8.self)
    }

    @Test func `white space that no browser needs is removed`() {
        let sheet = """
            :root {
              --edge: #dfe2ec; --ink: #1a1d29;
            }
            a :is(b, c), d > e { margin: 0 calc(1px + 2em); content: "x"; }
            @media (min-width: 62rem) and (hover) {
              a { top: 0; }
            }

            """
        #expect(
            squeezed(sheet) == """
                :root{--edge:#dfe2ec;--ink:#1a1d29}\
                a :is(b,c),d > e{margin:0 calc(1px + 2em);content:"x"}\
                @media (min-width:62rem) and (hover){a{top:0}}
                """)
    }

    @Test func `lines of HTML lose their indentation`() {
        let lines = PageStyle.unindented(Array("<p>\n  a  b\n\n   </p>\n".utf8))
        #expect(String(decoding: lines, as: UTF8.self) == "<p>\na  b\n</p>\n")
    }

    @Test func `no text in the page's sheet has a sign that is squeezed`() {
        let sheet = String(decoding: PackageResources.page_css, as: UTF8.self)
        for text in sheet.matches(of: /"[^"\n]*"/) {
            #expect(squeezed(String(text.output)) == text.output + "\n")
        }
    }
}
