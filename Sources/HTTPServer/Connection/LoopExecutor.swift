import NIOCore

/// Runs a handler's task on the event loop of its connection: no thread is woken to answer a request that waits for nothing.
///
/// So a handler must not block, as nowhere in asynchronous code; and what it computes delays the loop's other connections, as it would
/// delay the pool's other tasks.
final class LoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
