import BenchSupport
import LoadClient
import NIOCore
import NIOPosix

/// A server over a data folder that `seed` has filled; gone when `body` returns.
func withServer<Seeded: Sendable, Value: Sendable>(
  _ settings: BenchSettings, seed: (SeededData) async throws -> Seeded,
  _ body: (ServerProcess, Seeded) async throws -> Value
) async throws -> Value {
  let folder = try TemporaryData()
  let data = try await SeededData(folder: folder.path)
  let seeded = try await seed(data)
  await data.close()
  let server = try await ServerProcess.start(binary: settings.binary, data: folder.path)
  do {
    let value = try await body(server, seeded)
    await server.stop()
    return value
  } catch {
    await server.kill()
    throw error
  }
}

/// One event loop for all clients, so that the server has the other cores.
let clientLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()

/// A user of a measurement, with the token at hand.
struct BenchUser: Sendable {
  let session: UserSession
  let token: String

  static func users(_ sessions: [UserSession]) async throws -> [BenchUser] {
    // Signed beforehand: no call is made.
    let api = APIClient(HTTPPool(Endpoint(port: 1), on: clientLoop))
    var users: [BenchUser] = []
    for session in sessions { users.append(BenchUser(session: session, token: try await session.token(api))) }
    return users
  }
}
