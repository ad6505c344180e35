import Foundation
import Testing

/// The repository keeps its own rules.
@Suite struct TidyTests {
    let repository: Repository

    init() throws {
        repository = try Repository()
    }

    @Test(arguments: TidyRule.allCases)
    func `every file keeps the rule`(_ rule: TidyRule) {
        #expect(repository.files.contains { $0.path == "Sources/Chat/Hub/Room.swift" })
        let exceptions = rule == .longFile ? TidyException.longFiles : []
        let findings = repository.files.flatMap(rule.findings(in:)).filter { finding in
            !TidyException.isListed(finding.path, in: exceptions)
        }
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test func `every folder keeps the rule`() {
        let findings = FolderRule.findings(
            in: repository.files, except: TidyException.fullFolders)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test func `every exception is needed`() {
        let longFiles = repository.files.flatMap(TidyRule.longFile.findings(in:)).map(\.path)
        let fullFolders = FolderRule.findings(in: repository.files, except: []).map(\.path)
        for exception in TidyException.longFiles {
            #expect(longFiles.contains(exception.path), "\(exception) keeps the rule")
        }
        for exception in TidyException.fullFolders {
            #expect(fullFolders.contains(exception.path), "\(exception) keeps the rule")
        }
    }

    @Test func `every file in the unsafe fence needs it`() {
        #expect(UnsafeFence.files == UnsafeFence.files.sorted())
        #expect(Set(UnsafeFence.files).count == UnsafeFence.files.count)
        let problems = UnsafeFence.files.compactMap { path in
            UnsafeFence.problem(of: path, text: repository.file(path)?.text)
        }
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }

    @Test func `the README is short`() {
        let words = repository.file("README.md")?.text.split(whereSeparator: \.isWhitespace) ?? []
        #expect(words.count > 300)
        #expect(words.count <= 900, "README.md:1: \(words.count) words, more than 900")
    }

    @Test func `every script runs and is explained to contributors`() throws {
        let readme = repository.file(".github/CONTRIBUTING.md")?.text ?? ""
        let folder = repository.root.appending(path: "scripts")
        let scripts = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.isRegularFileKey]
        ).filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
        #expect(!scripts.isEmpty)
        for script in scripts {
            let name = "scripts/\(script.lastPathComponent)"
            #expect(
                FileManager.default.isExecutableFile(atPath: script.path),
                "\(name):1: is not executable")
            #expect(readme.contains(name), "\(name):1: is not in .github/CONTRIBUTING.md")
        }
    }
}
