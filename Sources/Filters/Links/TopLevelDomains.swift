/// The ends of the names of hosts.
enum TopLevelDomains {
    /// Ends that make a link of any word before them: "example.com".
    static let sure = names(
        """
        com net org edu gov mil int info biz mobi xyz online site website store shop club vip app \
        dev tech host space cloud wiki games casino poker bet loan porn xxx adult webcam cam icu \
        cyou top tv io ai gg ly co ws fm ac ag bz cx gs gl ms nu sc tk tl uk de fr es pt nl ch ru \
        su ua cz sk hu ro bg gr tr se fi dk ee lt lv ie lu li si hr ba al cy mt eu cn jp kr tw hk \
        sg th vn id ph pk bd lk ir iq il ae sa qa kw eg ma tn ng ke za br ar cl pe uy ve ec bo mx \
        cr au nz ca kz uz ge az рф укр бел срб онлайн сайт орг ком москва рус дети 中国 中國 香港 \
        台湾 台灣 公司 网络 網絡 在线 한국 ευ ελ भारत
        """)

    /// Ends that are also words or kinds of files: "done.it", "main.rs". They make a link only if a
    /// path follows, or if two names stand before them.
    static let doubtful = names(
        """
        it is in so to me be by at as am an do go no my us la pro ps pl rs py sh md cc mk st live \
        link click page blog zip mov name news today world fun life art work run red men win bid \
        date stream chat video pictures cool one love best social
        """)

    private static func names(_ text: String) -> Set<[UInt8]> {
        Set(text.split(separator: " ").map { Array($0.utf8) })
    }
}
