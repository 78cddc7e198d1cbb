// Whether the other end of a line still lives. A question to it that HTTP/2 has answered by the connection itself, however long
// the work takes that runs there: an empty SETTINGS frame, which whoever gets it has to acknowledge.
// A PING would do the same, but servers on grpc-java, Spark's among them, end a connection on which more than a few come in five
// minutes. Sources: RFC 9113, sections 6.5.3 and 6.7;
// https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md

import NIOCore
import NIOHTTP2
import Synchronization

/// How long a server may say nothing.
struct Patience: Sendable, Hashable {
  /// After so long a silence it is asked whether it is there.
  var quiet: Duration = .seconds(10)
  /// So long it may take to answer that.
  var answer: Duration = .seconds(20)
}

/// When something last came over a line, and when it was last asked for.
final class Pulse: Sendable {
  private struct State {
    var heard = ContinuousClock.now
    var asked: ContinuousClock.Instant?
    var hasSpoken = false
  }

  enum Finding: Equatable {
    case alive
    /// It has to be asked whether it is there.
    case quiet
    /// It has not answered in time.
    case dead(silence: Duration)
  }

  private let state = Mutex(State())
  private let patience: Patience

  init(_ patience: Patience) { self.patience = patience }

  /// Bytes came.
  func hear() {
    state.withLock { state in
      state.heard = .now
      state.hasSpoken = true
      state.asked = nil
    }
  }

  /// Marks the question as asked where it finds that it has to be. A server that has never said anything is waited for as
  /// long as an answer may take, and not asked.
  func check(at now: ContinuousClock.Instant = .now) -> Finding {
    state.withLock { state in
      let silence = state.heard.duration(to: now)
      guard state.hasSpoken else { return silence > patience.answer ? .dead(silence: silence) : .alive }
      if let asked = state.asked {
        return asked.duration(to: now) > patience.answer ? .dead(silence: silence) : .alive
      }
      guard silence > patience.quiet else { return .alive }
      state.asked = now
      return .quiet
    }
  }
}

/// Listens to all that comes, before anything is made of it.
final class PulseHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let pulse: Pulse

  init(_ pulse: Pulse) { self.pulse = pulse }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    pulse.hear()
    context.fireChannelRead(data)
  }
}
