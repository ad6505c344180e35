internal import Identity

/// Who a client is when its chat opens.
enum Introduction {
    case guest
    case holder(Principal, Credential.Way)
    /// Its token isn't valid.
    case refused(TokenRefusal, Credential.Way)
}
