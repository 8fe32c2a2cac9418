#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the kernel tells about this process, read from `/proc`; nil on systems without it.
public enum ProcessMetrics {
  /// Resident memory in bytes.
  public static var residentBytes: Int? {
    // Fields of statm are pages: size, resident, …
    guard let pages = text(of: "/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      return nil
    }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Open file descriptors.
  public static var openFileDescriptors: Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Not counted: ".", ".." and the descriptor of this listing.
    return count - 3
  }

  /// When the process began, in seconds since 1970.
  public static var startTime: Double? {
    // Field 22 of stat, in clock ticks since boot. Field 2 is the command in parentheses and may hold spaces.
    guard let stat = text(of: "/proc/self/stat"), let end = stat.lastIndex(of: ")"),
      let boot = text(of: "/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let bootSeconds = Double(boot.dropFirst(6))
    else { return nil }
    let fields = stat[end...].split(separator: " ")
    guard fields.count > 20, let ticks = Double(fields[20]) else { return nil }
    return bootSeconds + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Processor time used so far, user and system, in seconds.
  public static var processorSeconds: Double? {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension MetricsRegistry {
  /// Adds the process' own figures under the names that Prometheus' client libraries use.
  public func addProcessMetrics() {
    let started = ProcessMetrics.startTime
    gauge("process_resident_memory_bytes", help: "Resident memory in bytes.") {
      ProcessMetrics.residentBytes.map(Double.init)
    }
    gauge("process_open_fds", help: "Open file descriptors.") { ProcessMetrics.openFileDescriptors.map(Double.init) }
    gauge("process_start_time_seconds", help: "Start of the process in seconds since 1970.") { started }
    counter("process_cpu_seconds_total", help: "Processor time used, user and system, in seconds.") {
      ProcessMetrics.processorSeconds
    }
  }
}
