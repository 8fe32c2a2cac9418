import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a directory tree into memory, at start.
enum DirectoryReader {
  /// More than any web app; a wrong directory must not fill the memory.
  static let maximumBytes = 64 * 1024 * 1024
  private static let maximumDepth = 8

  /// Contents by path below `directory`, with `/` between. Names that begin with a dot are left out.
  static func read(_ directory: String) throws(ServerError) -> [String: ByteBuffer] {
    var contents: [String: ByteBuffer] = [:]
    var bytes = 0
    try read(directory, prefix: "", depth: 0, into: &contents, &bytes)
    return contents
  }

  private static func read(
    _ directory: String, prefix: String, depth: Int, into contents: inout [String: ByteBuffer], _ bytes: inout Int
  ) throws(ServerError) {
    guard depth < maximumDepth, let names = names(in: directory) else {
      throw ServerError(.files, "\(directory) cannot be read")
    }
    for name in names where !name.hasPrefix(".") {
      let path = "\(directory)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0 else { throw ServerError(.files, "\(path) cannot be read") }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try read(path, prefix: "\(prefix)\(name)/", depth: depth + 1, into: &contents, &bytes)
      case S_IFREG:
        guard let content = content(of: path, size: Int(status.st_size)) else {
          throw ServerError(.files, "\(path) cannot be read")
        }
        bytes += content.readableBytes
        guard bytes <= maximumBytes else { throw ServerError(.files, "\(directory) holds more than 64 MiB") }
        contents[prefix + name] = content
      default: break
      }
    }
  }

  private static func names(in directory: String) -> [String]? {
    guard let listing = opendir(directory) else { return nil }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      names.append(name)
    }
    return names
  }

  private static func content(of path: String, size: Int) -> ByteBuffer? {
    guard size <= maximumBytes else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = ByteBufferAllocator().buffer(capacity: size)
    while true {
      var failed = false
      let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { space in
        let count = readBytes(descriptor, space.baseAddress, space.count)
        failed = count < 0
        return max(0, count)
      }
      if failed { return nil }
      if count == 0 { return buffer }
      if buffer.readableBytes > maximumBytes { return nil }
    }
  }
}

/// `read(2)`, whose name the type's own method hides.
private func readBytes(_ descriptor: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, base, count)
}
