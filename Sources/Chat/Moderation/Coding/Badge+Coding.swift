/// The numbers are stored.
extension Badge: Codable {}
