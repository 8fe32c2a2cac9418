import ChatDomain

/// What an `Outlet` wants of its channel. To be carried out in order.
public enum PushAction: Sendable {
  case publish(Publication)
  case begin(ConnectionID, BaseLine, Beginning)
  case hint(ReadMark, Audience)
  case announce(BaseLine, Audience)
  case cut(ConnectionID, CutReason)
}
