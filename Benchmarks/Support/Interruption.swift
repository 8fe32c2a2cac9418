import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// What must not outlive this process when somebody interrupts it: the servers that it has started, and their folders.
public enum Interruption {
  private struct State {
    var processes: Set<pid_t> = []
    var folders: Set<String> = []
    var sources: [any DispatchSourceSignal] = []
  }

  private static let state = Mutex(State())

  /// From now on SIGINT and SIGTERM first kill the servers, then end this process. Once.
  public static func watch() {
    state.withLock { state in
      state.sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { end(by: number) }
        source.resume()
        return source
      }
    }
  }

  /// Starts a process and holds it, with no moment between the two.
  static func holding(_ start: () throws -> (process: pid_t, output: Int32)) throws -> (pid_t, Int32) {
    try state.withLock { state in
      let started = try start()
      state.processes.insert(started.process)
      return started
    }
  }

  static func hold(folder: String) { state.withLock { _ = $0.folders.insert(folder) } }

  /// The process has been told to end.
  static func release(_ process: pid_t) { state.withLock { _ = $0.processes.remove(process) } }

  static func release(folder: String) { state.withLock { _ = $0.folders.remove(folder) } }

  private static func end(by signal: Int32) -> Never {
    // Held to the end: nothing more is started.
    state.withLock { state in
      for process in state.processes {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
      }
      for folder in state.folders { try? FileManager.default.removeItem(atPath: folder) }
      exit(128 + signal)
    }
  }
}
