internal import HostNames

/// What came of looking up a host's name, on its way to the client's thread.
struct HostAnswer: Sendable {
  let host: Host
  let addresses: HostResolver.Answer
}
