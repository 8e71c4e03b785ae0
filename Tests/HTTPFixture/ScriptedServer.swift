internal import Glibc

/// The fixture's thread: accepts, reads, reacts. Belongs to its thread but for the board.
final class ScriptedServer {
  private final class Connection {
    let number: Int
    var reader = RequestReader()
    var output: [UInt8] = []
    var then = Reaction.Then.keep
    var drip: UInt8?
    var held: [UInt8] = []

    init(number: Int) {
      self.number = number
    }
  }

  private let listener: Int32
  private let board: Board
  private let script: @Sendable (ReceivedRequest) -> Reaction
  private var connections: [Int32: Connection] = [:]

  init(listener: Int32, board: Board, script: @escaping @Sendable (ReceivedRequest) -> Reaction) {
    self.listener = listener
    self.board = board
    self.script = script
  }

  func run() {
    var isReleased = false
    while !board.isClosed {
      if board.isReleased, !isReleased {
        isReleased = true
        for connection in connections.values { connection.output += connection.held }
      }
      for (descriptor, connection) in connections { write(descriptor, connection) }
      var descriptors = [
        pollfd(fd: board.signal, events: Int16(POLLIN), revents: 0),
        pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
      ]
      for (descriptor, connection) in connections {
        let wantsOut = !connection.output.isEmpty
        descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN | (wantsOut ? POLLOUT : 0)), revents: 0))
      }
      let drips = connections.values.contains { $0.drip != nil }
      unsafe poll(&descriptors, nfds_t(descriptors.count), drips ? 5 : -1)
      if drips {
        for connection in connections.values { connection.output += connection.drip.map { [$0] } ?? [] }
      }
      if descriptors[0].revents != 0 { board.clearSignal() }
      while let descriptor = LoopbackSocket.accept(listener) {
        connections[descriptor] = Connection(number: board.accepted())
      }
      for ready in descriptors.dropFirst(2) where ready.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        if let connection = connections[ready.fd] { read(ready.fd, connection) }
      }
    }
    for descriptor in connections.keys { close(descriptor) }
    close(listener)
  }

  private func read(_ descriptor: Int32, _ connection: Connection) {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else {
      if count < 0, errno == EAGAIN || errno == EINTR { return }
      return end(descriptor, .close)
    }
    connection.reader.append(buffer.prefix(count))
    while let request = connection.reader.next(number: board.nextNumber, connection: connection.number) {
      let reaction = script(request)
      board.received(request)
      switch reaction {
      case .send(let bytes, let then):
        connection.output += bytes
        connection.then = then
      case .hold(let bytes):
        if board.isReleased { connection.output += bytes } else { connection.held += bytes }
      case .drip(let bytes, let byte):
        connection.output += bytes
        connection.drip = byte
      case .silence: break
      }
      write(descriptor, connection)
    }
  }

  private func write(_ descriptor: Int32, _ connection: Connection) {
    while !connection.output.isEmpty {
      let count = unsafe send(descriptor, connection.output, connection.output.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else {
        if errno == EAGAIN || errno == EINTR { return }
        return end(descriptor, .close)
      }
      connection.output.removeFirst(count)
    }
    if connection.then != .keep { end(descriptor, connection.then) }
  }

  private func end(_ descriptor: Int32, _ then: Reaction.Then) {
    guard connections.removeValue(forKey: descriptor) != nil else { return }
    if then == .reset { LoopbackSocket.reset(descriptor) } else { close(descriptor) }
    board.ended()
  }
}
