/// The chat page, part of the program.
enum ChatPage {
    static let contentType = "text/html; charset=utf-8"
    static let html: [UInt8] = PackageResources.index_html
}
