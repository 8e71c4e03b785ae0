import Foundation
import Glibc

/// A crowd without web servers, for the tests: `visitor-swarm stream CONNECTIONS SOCKET…` or
/// `visitor-swarm at-once SOCKET…`.
///
/// It reads whole FastCGI requests, one after the other, from its standard input, so that everything about them
/// (address, browser, number) is the test's choice, and carries them to the Unix sockets in turn. For each it writes a
/// line: the request's place in the input, the status of its answer, or 0 where the connection broke off, and the
/// answer's title.
///
/// - `stream`: so many connections, each with one request at a time, kept where the request says so. A line is written
///   as soon as its answer is there.
/// - `at-once`: a connection for each request. All are sent but for their last bytes, and only when all have come so
///   far do these follow.
@main
struct VisitorSwarm {
  static func main() throws {
    raiseLimitOfOpenFiles()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let requests = RequestStream(FileHandle.standardInput.fileDescriptor)
    if arguments.first == "stream", arguments.count > 2, let count = Int(arguments[1]) {
      stream(requests, over: count, to: Array(arguments[2...]))
    } else if arguments.first == "at-once", arguments.count > 1 {
      atOnce(requests, to: Array(arguments[1...]))
    } else {
      try FileHandle.standardError.write(
        contentsOf: Data("usage: visitor-swarm stream CONNECTIONS SOCKET... | at-once SOCKET...\n".utf8))
      exit(64)
    }
  }

  private static func stream(_ requests: RequestStream, over count: Int, to sockets: [String]) {
    let answers = AnswerLines()
    let workers = (0..<count).map { number in
      let worker = Thread {
        let connection = Connection(to: sockets[number % sockets.count])
        while let (index, request) = requests.next() {
          answers.write(index, connection.send(request.bytes[...]) ? connection.receive() : nil)
          if !request.keepsConnection { connection.close() }
        }
        answers.endOfWorker()
      }
      worker.stackSize = 512 << 10
      return worker
    }
    for worker in workers { worker.start() }
    answers.wait(forWorkers: count)
  }

  private static func atOnce(_ requests: RequestStream, to sockets: [String]) {
    let answers = AnswerLines()
    var waiting: [(connection: Connection, request: Request)] = []
    while let (index, request) = requests.next() {
      let connection = Connection(to: sockets[index % sockets.count])
      _ = connection.send(request.bytes[..<request.lastRecord])
      waiting.append((connection, request))
    }
    let areSent = waiting.map { connection, request in connection.send(request.bytes[request.lastRecord...]) }
    for (index, isSent) in areSent.enumerated() {
      answers.write(index, isSent ? waiting[index].connection.receive() : nil)
      waiting[index].connection.close()
    }
  }

  private static func raiseLimitOfOpenFiles() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    unsafe getrlimit(files, &limit)
    limit.rlim_cur = limit.rlim_max
    unsafe setrlimit(files, &limit)
  }
}
