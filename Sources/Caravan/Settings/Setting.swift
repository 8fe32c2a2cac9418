/// One setting: the only place that names it. The flag, the environment variable, the line of a file, `--help` and
/// docs/configuration.md all come from here.
struct Setting: Sendable {
  /// As in `--name`.
  let name: String
  /// What stands for the value in help texts.
  let value: String
  /// In words; the default stands in the option itself.
  let summary: String
  /// As shown in the documentation.
  let fallback: String

  /// `CARAVAN_` and the name in capitals.
  var variable: String { "CARAVAN_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined() }

  static let all: [Setting] = [
    data, host, port, publicURL, web, limits, sendsPerSecond, sendBurst, newChatsPerDay, registrationsPerHour,
    loginFailures, streamWindow, leaseSeconds, firebase, mailboxWindow, budget, prices, freeQuota,
    trustedProxies, allowedOrigins, maxConnections, threads, logLevel,
  ]

  static let data = Setting(
    name: "data", value: "DIR", summary: "Folder of the database and the signing keys; made if it is not there.",
    fallback: "./caravan-data")
  static let host = Setting(
    name: "host", value: "ADDRESS", summary: "Address to listen on; 0.0.0.0 or :: for all.", fallback: "127.0.0.1")
  static let port = Setting(name: "port", value: "N", summary: "TCP port; 0 takes any free one.", fallback: "3000")
  static let publicURL = Setting(
    name: "public-url", value: "URL", summary: "Where clients reach this installation: the issuer of its tokens.",
    fallback: "caravan")
  static let web = Setting(
    name: "web", value: "DIR", summary: "Folder of the built web app; 'off' serves the API alone.",
    fallback: "web/dist beside the program")
  static let limits = Setting(
    name: "limits", value: "on|off",
    summary: "'off' lifts every limit against spam and the streams a user may open; on a loopback address only.",
    fallback: "on")
  static let sendsPerSecond = Setting(
    name: "sends-per-second", value: "N", summary: "Messages a second of one sender, on average.", fallback: "5")
  static let sendBurst = Setting(
    name: "send-burst", value: "N", summary: "Messages of one sender at once.", fallback: "20")
  static let newChatsPerDay = Setting(
    name: "new-chats-per-day", value: "N",
    summary: "Chats that a user may open within 24 hours with people who have not answered yet.", fallback: "20")
  static let registrationsPerHour = Setting(
    name: "registrations-per-hour", value: "N", summary: "New accounts an hour from one address (IPv6: one /64).",
    fallback: "5")
  static let loginFailures = Setting(
    name: "login-failures", value: "N",
    summary: "Failed log-ins for one name from one address within 15 minutes; other addresses still get in.",
    fallback: "10")
  static let streamWindow = Setting(
    name: "stream-window", value: "POLICY",
    summary: "How long news is collected before it goes out on event streams: zero, leading:1s, fixed:3s, idle:3s.",
    fallback: "zero")
  static let leaseSeconds = Setting(
    name: "lease-seconds", value: "N", summary: "How long a device counts as looking without a sign of it.",
    fallback: "60")
  static let firebase = Setting(
    name: "firebase", value: "FILE",
    summary: "Push through Firestore: a JSON file with Firebase's web configuration and a service account.",
    fallback: "event streams only")
  static let mailboxWindow = Setting(
    name: "mailbox-window", value: "POLICY",
    summary:
      "How long news waits for one write to Firestore: economical, or for every chat alike leading:1s, fixed:3s, idle:3s.",
    fallback: "economical")
  static let budget = Setting(
    name: "budget", value: "DOLLARS/day",
    summary: "The most that Firestore may cost a day, such as 1.50/day; then news goes over event streams.",
    fallback: "no limit")
  static let prices = Setting(
    name: "prices", value: "NAME|FILE", summary: "What Firestore costs: nam5, us-central1 or a file.", fallback: "nam5")
  static let freeQuota = Setting(
    name: "free-quota", value: "on|off",
    summary: "'on' takes Firestore's free daily quota off the bill: only where nothing else of the project uses it.",
    fallback: "off")
  static let trustedProxies = Setting(
    name: "trusted-proxy", value: "ADDRESS[/N],…", summary: "Proxies whose X-Forwarded-For names the client's address.",
    fallback: "none")
  static let allowedOrigins = Setting(
    name: "allowed-origin", value: "ORIGIN,…", summary: "Other origins whose pages may call the API (CORS).",
    fallback: "none")
  static let maxConnections = Setting(
    name: "max-connections", value: "N", summary: "Open connections; more are answered 503.", fallback: "16000")
  static let threads = Setting(
    name: "threads", value: "N", summary: "Threads that serve connections.", fallback: "one a core")
  static let logLevel = Setting(
    name: "log-level", value: "LEVEL", summary: "debug, info, warning or error.", fallback: "info")
}
