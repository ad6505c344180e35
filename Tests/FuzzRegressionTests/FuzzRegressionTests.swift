import Foundation
import FuzzTargets
import Testing

/// Replays the fuzzer's seeds and findings: `Tests/FuzzTargets/Corpus/<target>/`.
@Suite struct FuzzRegressionTests {
    private static let corpus = URL(filePath: #filePath).resolvingSymlinksInPath()
        .appending(path: "../../FuzzTargets/Corpus").standardizedFileURL

    private static func files(of target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: corpus.appending(path: target.rawValue), includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `the properties hold for each input`(target: FuzzTarget) throws {
        let files = try Self.files(of: target)
        #expect(!files.isEmpty)
        for file in files {
            let input = Array(try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try target.run(input) }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `the properties hold for empty inputs and single bytes`(target: FuzzTarget) throws {
        try target.run([])
        for byte in UInt8.min...UInt8.max { try target.run([byte]) }
    }

    @Test func `every corpus has a target`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
