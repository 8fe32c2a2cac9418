import FoundationEssentials
import Glibc

/// The folder that holds everything an installation keeps. One server at a time: it holds a lock as long as it lives.
final class DataFolder: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let path: String
  private let lock: Int32?

  var database: String { path + "/caravan.db" }
  var signingKeys: String { path + "/signing-keys.json" }

  /// Makes the folder if there is none, readable by its owner only, and locks it.
  init(path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(description: "the data folder \(path) cannot be made: \(String(cString: strerror(errno)))")
    }
    lock = try DataFolder.lock(path + "/lock", folder: path)
  }

  /// A folder that a server may be using: for commands that work through the database alone.
  init(existing path: String) throws {
    self.path = path
    lock = nil
    guard FileManager.default.fileExists(atPath: path + "/caravan.db") else {
      throw Failure(description: "there is no database in \(path); --data names the folder of the server")
    }
  }

  deinit {
    if let lock { close(lock) }
  }

  private static func lock(_ file: String, folder: String) throws -> Int32 {
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw Failure(description: "the data folder \(folder) cannot be written to: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var bytes = [UInt8](repeating: 0, count: 32)
      let count = max(0, read(descriptor, &bytes, bytes.count))
      close(descriptor)
      let process = String(decoding: bytes[..<count], as: UTF8.self).filter(\.isNumber)
      throw Failure(
        description: "another server uses the data folder \(folder)" + (process.isEmpty ? "" : " (process \(process))"))
    }
    ftruncate(descriptor, 0)
    let text = Array("\(getpid())\n".utf8)
    _ = write(descriptor, text, text.count)
    return descriptor
  }
}
