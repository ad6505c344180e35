internal import Identity
internal import IdentityKeys

/// The file with the static keys of programs.
enum APIKeyFile {
    static func keys(at path: String) throws(KeyFileProblem) -> APIKeys {
        let content = try KeyFile(path: path, kind: .secret, given: path).content()
        guard content.count <= KeyReader.largestFile,
            let text = String(validating: content, as: UTF8.self)
        else {
            throw KeyFileProblem(
                "it must be text in UTF-8 of at most \(KeyReader.largestFile) bytes")
        }
        do throws(APIKeys.Fault) {
            return try APIKeys(parsing: text)
        } catch {
            throw KeyFileProblem("line \(error.line): \(error.reason)")
        }
    }
}
