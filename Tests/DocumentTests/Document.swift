import Foundation
import Testing

/// A document of the repository: README, CHANGELOG, or an article of a DocC catalog.
struct Document: Sendable, CustomTestStringConvertible {
    /// The path from the repository's root.
    let path: String
    let text: String

    var testDescription: String { path }

    /// The root of this file's repository.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .appending(path: "../../..").standardizedFileURL

    /// All documents.
    static let all: [Document] = {
        let folders = ["", ".github", "Sources", "Tests"]
        let paths = folders.flatMap { folder in
            let url = root.appending(path: folder)
            let names =
                folder.isEmpty
                ? try? FileManager.default.contentsOfDirectory(atPath: url.path)
                : try? FileManager.default.subpathsOfDirectory(atPath: url.path)
            return (names ?? []).filter { $0.hasSuffix(".md") }
                .map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        }
        return paths.sorted().compactMap { path in
            let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
            return text.map { Document(path: path, text: $0) }
        }
    }()

    /// The folder that relative links start from.
    var folder: URL { Self.root.appending(path: path).deletingLastPathComponent() }

    /// The module of its catalog. Nil outside of the catalogs.
    var module: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources", parts[2].hasSuffix(".docc") else {
            return nil
        }
        return String(parts[1])
    }

    /// The blocks of code in a language.
    func blocks(_ language: String) -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        var isInside = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in zip(1..., lines) {
            if line.hasPrefix("```") {
                if let block = open { blocks.append(block) }
                open = nil
                if !isInside, line == "```\(language)" { open = Block(line: number + 1, lines: []) }
                isInside.toggle()
            } else {
                open?.lines.append(String(line))
            }
        }
        return blocks
    }

    /// The text without its blocks of code and its code spans.
    var prose: String {
        var isInside = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.hasPrefix("```") { isInside.toggle() }
            return isInside || line.hasPrefix("```") ? "" : line
        }
        return lines.joined(separator: "\n").replacing(/``[^`]+``|`[^`\n]+`/) { span in
            span.output.hasPrefix("``") ? String(span.output) : ""
        }
    }

    /// The anchors of its headings, in the forms of DocC and of GitHub.
    var anchors: Set<String> {
        let headings = prose.split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.flatMap { heading in
                let title = heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
                    .replacing("`", with: "")
                let words = title.replacing(/[^\w\s-]/, with: "").replacing(" ", with: "-")
                return [words, words.lowercased()]
            })
    }
}
