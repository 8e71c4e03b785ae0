internal import Glibc

/// Makes sure of what the rest of a CGI program's work needs before it begins. The process has one thread, so nothing else in it
/// takes what was found: it stays available until it is used.
enum AnswerReserve {
  /// How much of everything is needed: at least twice what was measured (docs/fastcgi.md).
  struct Need {
    /// Bytes from malloc(3).
    let memory: Int
    let descriptors: Int

    /// A page without a form: under 1 MiB.
    static let wholePage = Need(memory: 6 << 20, descriptors: 6)
    /// A form from the start, including the store and the question to the provider: 3 MiB.
    static let wholeForm = Need(memory: 10 << 20, descriptors: 11)

    /// The same, from the point at which the message is reserved.
    ///
    /// - Parameter certificates: the size in bytes of the file with the certificate authorities: OpenSSL takes four times as much.
    static func restOfForm(certificates: Int) -> Need {
      Need(memory: 8 << 20 + 6 * min(certificates, 64 << 20), descriptors: 8)
    }
  }

  enum Shortage: Error, CustomStringConvertible {
    case memory(Int)
    case descriptors(Int)
    case output

    var description: String {
      switch self {
      case .memory(let bytes): "fewer than \(bytes >> 20) MiB of memory or address space are left (ulimit -v)"
      case .descriptors(let count): "fewer than \(count) descriptors are left (ulimit -n)"
      case .output: "nobody reads standard output"
      }
    }
  }

  /// For what takes address space without malloc: the stack, and files that the system maps.
  private static let otherSpace = 3 << 20

  static func secure(_ need: Need) throws(Shortage) {
    guard isOutputReady else { throw .output }
    guard hasDescriptors(need.descriptors) else { throw .descriptors(need.descriptors) }
    guard hasMemory(need.memory) else { throw .memory(need.memory + otherSpace) }
  }

  /// Whether somebody reads standard output, and has read what was written before.
  static var isOutputReady: Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&output, 1, 0) == 1, output.revents & Int16(POLLERR | POLLNVAL) == 0 else { return false }
    // Writes nothing, but fails on a descriptor that is read-only or that takes nothing (/dev/full).
    return unsafe write(STDOUT_FILENO, "", 0) == 0
  }

  static func hasDescriptors(_ count: Int) -> Bool {
    var got: [CInt] = []
    got.reserveCapacity(count)
    defer { for descriptor in got { close(descriptor) } }
    while got.count < count {
      let descriptor = dup(STDIN_FILENO)
      guard descriptor >= 0 else { return false }
      got.append(descriptor)
    }
    return true
  }

  private static func hasMemory(_ bytes: Int) -> Bool {
    // Both at once, so that neither takes the other's place. malloc keeps what is freed (`keepMemory`).
    let space = unsafe mmap(nil, otherSpace, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe space != MAP_FAILED else { return false }
    defer { unsafe munmap(space, otherSpace) }
    guard let memory = unsafe malloc(bytes) else { return false }
    unsafe free(memory)
    return true
  }
}
