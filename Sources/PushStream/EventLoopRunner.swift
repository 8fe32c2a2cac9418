import ChatDomain
import NIOCore

/// A serial runner on an event loop, with NIO's monotonic clock: the same that requests are stamped with.
public struct EventLoopRunner: SerialRunner {
  private let eventLoop: any EventLoop

  public init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  public var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

  public func run(_ job: @escaping @Sendable () -> Void) {
    eventLoop.execute(job)
  }

  public func run(at nanoseconds: UInt64, _ job: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
    let scheduled = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(nanoseconds), job)
    return { scheduled.cancel() }
  }
}
