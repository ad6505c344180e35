import JWTKit

/// Keys that were made for these tests alone.
enum TestKeys {
    /// Long enough for each algorithm that takes a secret.
    static let secret = Array(
        "the secret of these tests, which has more than sixty-four bytes in it".utf8)
    static let es256 = ES256PrivateKey()
    static let es384 = ES384PrivateKey()
    static let edDSA = Made.value { try EdDSA.PrivateKey() }
    static let rsa = Made.value { try Insecure.RSA.PrivateKey(pem: rsaPEM) }

    private static let rsaPEM = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDLfFVWUkk6d+o5
        4fMf/1+0mhcPoecam5tZX8jrlprc5JLZ77RJ7dIXKnp7dQhVilO7YUpAqI0jC+jN
        PNs7zCeFwatmOOrT5PqFovaJCxVFH3mLnnebdix2WPrxAgZlWTnFNTtpyoslJz4m
        SROClh2ckdfpCB7e1lS6cXrUjk4bpn+Rnl58TlMiiwwBWuKdKOuX8IkBgTM62Gtt
        C6oX8YtiqxxauVIOE0hMXLxW/dDoVEEjgpL68LeEUQYaWF0N+e9vsR0pgMKtDmZe
        A51wfzLjOcDNaOsh4emyFUE9vMfk0+jnxT5JP45Ym0PFrxU/UCF9qfBA+38zi5PO
        h7NBEDdhAgMBAAECggEAX8wFivGLSwzoRt7SbHZ4EpjWkYP5voOSc9WNzCeneaXc
        YuCgIovldAWKCzQyO783I0iuwdj4NQ8mxvTHC5RV6Pkf3ayfFSnALYjmgucmWNf0
        C2CL07MjRIYoga0f4LfMZETm1yvFLTUX48NUfY55m1vn52vsyKDj27CQEKB8MjRt
        4tuwseX+23+770qez/Ls+XuHBDqs5yht635zhHjn+UVR3oAgu36qBpXBHZE30bDQ
        sJ47pWjlpvmPuAxX5ALQmsUwrEotbPbbhQgBeLBDypsoOWB3PCeLNgphbuwD+0TZ
        AGZYaVC6WD04JJinZOShr6Q5r2Hl7/e9rkcf8UqfFwKBgQDsVpLUP+4vvhpV+FkO
        mEUVyTYkVRreAU8+feziia+5DXSgbXeXLCH2l+CmyOT8lzptWlxCuj6p7y3jdAbL
        fyma4UCLzVhVqtOa3AGjfAPg9ZbU4j3ecyaum2RM69UAsO0gI8ZiVxRHIsaMW1cZ
        B9uKmJ5cpTGphsiIGO9wc5SENwKBgQDcahTqW+qCghou+M92fuuRojvji4H7hBen
        290C1QI08+uyB9l8OYVxJC4onpoF5d6zryNqYTECWE/yhCqhRixv+VsgzJ/kcVLd
        kEqQqTT1lKYHwXXYKwfR50NjmboeeJvHXY8DcZ5CrzP0HZunWxieHG82M3lwkLty
        xyhWUH0FJwKBgQCgKyABJn6G7qAsiU3ZvUp8tEu0HdVChcKtyGvFL6jekgbrPqTg
        1/EAjPecMOQ3Z0oamDWUp2IWitkfoB+GxFxu8Z9r37OxAz+7YMTfhgme6PHavqVN
        X97kUL2N//nwKPfbY0NsnDVK7H+A2dpSRWf9KueQRAg/KvA2hCepnzsUywKBgErv
        gebfkw4Fv3Miwh3OLraXinbk8i8ZjJVUCYKx+osYNpSTWJyETdrWax8CNOk2ao16
        SLcdDfV3Is8XogqseeUjyJiRGPcok/yh1sfxzwCDJiNS4Ya5snHphx6wn/dGF+gi
        5cFM+no/aJFhE49FSExQ7Hpn66yaeDAgh5U4zhhXAoGBAJGkwpa3AUQJC90hDmqx
        FgjmCxhVa3m7lFlN+bEGAn5M6AF0KbKfBLt5bShnMP+e0e84YB1uFFTDgLM+mOKr
        PMNGRspKUiLqP7o9tehGouIrc4ONUuo3WWhycoJjYIORT91gmtuea2JY8Dl3sIGf
        owZhlGt2Il6QwTkLvTCKSN2k
        -----END PRIVATE KEY-----
        """

    /// The public part of an RSA key of 1024 bits.
    static let smallRSA = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCZ9g/SvDlqXccrPbiJI16bdyZf
        vsgywTxPw8djR4NTn/dCBZAZhuWQqx1vPr/kQW7dp1YL8y24k/yhjZzJDVnEaj/0
        +Hrw8jbKr3eC1S1f0t4R/J+4rDc32SKDlRJuxx7FKPar4ZAEdkMjjMjpCc+PFjx3
        +uTyNXqYtKI18ZnIrwIDAQAB
        -----END PUBLIC KEY-----
        """
}
