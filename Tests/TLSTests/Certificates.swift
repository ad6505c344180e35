import TLS

/// Certificates for tests. They are valid for a hundred years.
enum Certificates {
    static func bytes(_ pem: String) -> [UInt8] { Array(pem.utf8) }

    static func credentials(
        _ chain: String, _ key: String
    ) throws(CredentialsProblem) -> ServerCredentials {
        try ServerCredentials(chain: bytes(chain), key: bytes(key))
    }

    /// It is for `one.example`, `*.wild.example`, 127.0.0.1 and ::1.
    static let one = """
        -----BEGIN CERTIFICATE-----
        MIIBxTCCAWugAwIBAgIUFw5FReSbbFjdJ3RjmaSQcqGhGoAwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLb25lLmV4YW1wbGUwIBcNMjYxMTI5MDEyMDA3WhgPMjEyNjEx
        MDUwMTIwMDdaMBYxFDASBgNVBAMMC29uZS5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEzSZ5T2XIah9hFw7cI8XzivQmiAi9VWE+k54X1AvC2Z2+T9aj
        ze9dyPVUamjlMJFpMDnemWbv7UmwnmXd28zEA6OBlDCBkTAdBgNVHQ4EFgQUPg4o
        AsNM8dHRve1CujfqtDgiiw8wHwYDVR0jBBgwFoAUPg4oAsNM8dHRve1CujfqtDgi
        iw8wDwYDVR0TAQH/BAUwAwEB/zA+BgNVHREENzA1ggtvbmUuZXhhbXBsZYIOKi53
        aWxkLmV4YW1wbGWHBH8AAAGHEAAAAAAAAAAAAAAAAAAAAAEwCgYIKoZIzj0EAwID
        SAAwRQIgBCoSpabxF/Tfkp67/rWHgCNzJoeHBa6spmzdkwlJdKwCIQDClPr4GdoJ
        9xF3MI7re4V8cPlfLtGdw7tTACdqJCWgLg==
        -----END CERTIFICATE-----

        """
    static let oneKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKNsrD2Goou0Y50gB
        yJO7CzTCR2xXovWigE7847UMd4ehRANCAATNJnlPZchqH2EXDtwjxfOK9CaICL1V
        YT6TnhfUC8LZnb5P1qPN713I9VRqaOUwkWkwOd6ZZu/tSbCeZd3bzMQD
        -----END PRIVATE KEY-----

        """

    /// The same key with a password.
    static let lockedKey = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,469F1B602984688714EA03B929DD0E87

        tMekLbND/rV1CsDIpHVH18e5Ktd83yzzkPKUBOGy0UvDwjRx0ClgMEVfSLr0fZOu
        d4m3DMMeKSfop9vPBm780xcptUeGxYwcHtuSGqFD0vtq5tsMy1lRKExSrbouJ6No
        j4+bjKJpQNCzeUCCqTIaGbEOM3RwYURihLAJGKxEZJA=
        -----END EC PRIVATE KEY-----

        """

    /// It is for `two.example`.
    static let two = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUXQ7YMYFkoNFgb7DYpESQho/mu/AwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLdHdvLmV4YW1wbGUwIBcNMjYxMTI5MDEyMDA3WhgPMjEyNjEx
        MDUwMTIwMDdaMBYxFDASBgNVBAMMC3R3by5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEblph9HtJPREgbGnIOIe5creaJ4pZAlb35dW7SErGRMO73+Ds
        jufqekjlfwBjKPiJuTlB7uTJHQZhpyLIIwdE4qNrMGkwHQYDVR0OBBYEFOYGxjjd
        5Oqr3IEP603/YiYmm/cpMB8GA1UdIwQYMBaAFOYGxjjd5Oqr3IEP603/YiYmm/cp
        MA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILdHdvLmV4YW1wbGUwCgYIKoZI
        zj0EAwIDSAAwRQIgSqFYDoyfA0/hYW2XF6VMsfJzxcUNI8p6A2D5QvofXGoCIQCF
        BRaygKCY3Fb4T5vqN6Iv2Xsqv25VXbaQ0TOrBDkW4w==
        -----END CERTIFICATE-----

        """
    static let twoKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguDP0Mko8X8F+CJrn
        o6tmtXQgoEH/OTKtzaDlOACZzOChRANCAARuWmH0e0k9ESBsacg4h7lyt5onilkC
        Vvfl1btISsZEw7vf4OyO5+p6SOV/AGMo+Im5OUHu5MkdBmGnIsgjB0Ti
        -----END PRIVATE KEY-----

        """

    /// It has an RSA key of 1024 bits, and no name but its common name, `weak.example`.
    static let weak = """
        -----BEGIN CERTIFICATE-----
        MIICDDCCAXWgAwIBAgIUU+X+EYRZ0xDKe3FEi8IJOWG8Hm0wDQYJKoZIhvcNAQEL
        BQAwFzEVMBMGA1UEAwwMd2Vhay5leGFtcGxlMCAXDTI2MTEyOTAxMjAwN1oYDzIx
        MjYxMTA1MDEyMDA3WjAXMRUwEwYDVQQDDAx3ZWFrLmV4YW1wbGUwgZ8wDQYJKoZI
        hvcNAQEBBQADgY0AMIGJAoGBANKk5lhKhcznq4tORjDFshGRS5mAg7LupkXfpwVC
        nXxK2n9F7PJLeAJvSvggj8BIiSBrbIs/xec2FVMDamg3Slwypt3jgvpuSWOoBs4a
        aNiEfWH59DH78xRCEMFDMicUNagcTBUxZ1x7CRHlQkc5VkcsDrJrGSfh/TfSoArm
        RIcNAgMBAAGjUzBRMB0GA1UdDgQWBBSc0VRLSRhrBhMosDxwRf0GmRPTkDAfBgNV
        HSMEGDAWgBSc0VRLSRhrBhMosDxwRf0GmRPTkDAPBgNVHRMBAf8EBTADAQH/MA0G
        CSqGSIb3DQEBCwUAA4GBAENYoqgjyjxEe+ae0rxD4BFxXF9tKLFNJ9MBhv12jaaS
        ZtgG5MT0Sp/13q19O3xtLsXUHGX5DEl64guzR7H7ES5XVTFDKD4PrqlQa21JHpYv
        RMQWq/NJP9ZJrUFfOuwqjjVt+YDQxIsKeLmGWJ4HM+NJMFXI7IrgAa5+zHNXSY/v
        -----END CERTIFICATE-----

        """
    static let weakKey = """
        -----BEGIN PRIVATE KEY-----
        MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANKk5lhKhcznq4tO
        RjDFshGRS5mAg7LupkXfpwVCnXxK2n9F7PJLeAJvSvggj8BIiSBrbIs/xec2FVMD
        amg3Slwypt3jgvpuSWOoBs4aaNiEfWH59DH78xRCEMFDMicUNagcTBUxZ1x7CRHl
        Qkc5VkcsDrJrGSfh/TfSoArmRIcNAgMBAAECgYAJPmtNXJfakiAZEOpLoaFa3AFx
        Tw54f7iUQGhX9sBqf+5uv2bSizVNBg1ILkWgro41+gDda4MHznvJFNFKmYKNzNDW
        Ur4zKaORaIhbusCt9Sq8FL9p3RfkCinElyPEZaw5VGdHjd1Nmi72IPySO53xc/4G
        njfKe2gKpDthWTFeEQJBAPYT6pAeB6+pynf7enm7MYtSYLtkRUHzDaQhmJrjcOjb
        Z74Icm6ioHDkthlX/OsRPY9CdHcw5Dh4IQIurenT8ysCQQDbIzo3k2vQ5Rzq0DLz
        PtuBHhNy8lFxkNZeClRe7eg+hiJnd590XHWWYCWueo9c2iCVXf18aoQtvvFnlYon
        R7KnAkEAp1QbqCwDZfu65aNnQOd9ZRN7G3GvdozjtbvynUATQwQOozXzOi/zkVC0
        Ur92CBINHiE+ON5SEeP97hH3yIyLSQJAHvWkJPPr+JBV/Iq7mAgaZOyF3OiFPyEy
        WAjnkJ3WAPdcZvfMjFj/t+YPjM398SVUEyY7SNeXowrl+jdzVEdZ4wJAfHUYKNID
        MftJw1gzc4JwDVuNA+sLJkpfTEEVkJFoAfRVmktqBXEH0p3R7wimOAHPE9puj6LK
        GL/eUJi7u3Mu8w==
        -----END PRIVATE KEY-----

        """
}
