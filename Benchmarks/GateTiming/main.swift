import Crypto
import Tokens
import Verification

/// How long proofs take to be opened, right ones and wrong ones in turns of chance, compared by Welch's t-test
/// (Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", 2017): above 4.5 they are told apart.
///
/// Prints, for each algorithm, t of all samples and of those below the 90th percentile, which has no pauses of the machine in it:
///
///     {"ES256":{"samples":100000,"t":0.71,"t90":1.2,"right_ns":81234,"wrong_ns":81229}}

/// The mean of samples and their variance, as they come (Welford 1962).
struct Moments {
  private(set) var count = 0.0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / count
    squares += distance * (value - mean)
  }

  var variance: Double { squares / (count - 1) }
}

func welch(_ one: Moments, _ other: Moments) -> Double {
  let spread = (one.variance / one.count + other.variance / other.count).squareRoot()
  return spread > 0 ? abs(one.mean - other.mean) / spread : 0
}

func nanoseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
}

/// The token, put together anew, with its own signature or another one of the same form: both ways are one.
func rebuilt(_ token: String, isRight: Bool) -> String {
  let dot = token.lastIndex(of: ".") ?? token.startIndex
  // In the middle: the end of base64 has bits that must be zero.
  let middle = token.index(dot, offsetBy: 20)
  let other: Character = token[middle] == "A" ? "B" : "A"
  return "\(token[..<middle])\(isRight ? token[middle] : other)\(token[token.index(after: middle)...])"
}

func measure(_ ring: ProofRing, samples: Int) -> String {
  let clock = ContinuousClock()
  let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
  var times: [(isRight: Bool, nanoseconds: Double)] = []
  times.reserveCapacity(2 * samples)
  var (right, wrong) = (0, 0)
  while right < samples || wrong < samples {
    let proof = Proof(
      subject: "Jw1q0kd8x2mZp4Tn", issuedAt: now, expiresAt: now + .seconds(43_200), methods: Proof.Methods(.text))
    guard let token = ring.token(proof) else { preconditionFailure("a proof can be signed") }
    let isRight = right >= samples ? false : wrong >= samples ? true : Bool.random()
    if isRight { right += 1 } else { wrong += 1 }
    let asked = rebuilt(token, isRight: isRight)
    let began = clock.now
    let opened = ring.candidate(asked).flatMap { ring.open($0) }
    let took = clock.now - began
    precondition((opened?.proof != nil) == isRight, "a right proof opens, and no other")
    times.append((isRight, nanoseconds(took)))
  }
  let limit = times.map(\.nanoseconds).sorted()[times.count * 9 / 10]
  var all = (Moments(), Moments())
  var usual = (Moments(), Moments())
  // What comes first finds nothing in the processor's caches.
  for time in times.dropFirst(times.count / 100) {
    if time.isRight { all.0.add(time.nanoseconds) } else { all.1.add(time.nanoseconds) }
    guard time.nanoseconds < limit else { continue }
    if time.isRight { usual.0.add(time.nanoseconds) } else { usual.1.add(time.nanoseconds) }
  }
  func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
  return #"{"samples":\#(samples),"t":\#(rounded(welch(all.0, all.1))),"t90":\#(rounded(welch(usual.0, usual.1))),"#
    + #""right_ns":\#(Int(usual.0.mean)),"wrong_ns":\#(Int(usual.1.mean))}"#
}

let samples = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
guard let keyring = Keyring([SymmetricKey(size: .bits256)]) else { preconditionFailure("a key of 256 bits") }
let results = ProofAlgorithm.allCases.map { algorithm in
  let ring = ProofRing(keyring, by: algorithm, site: "bench", issuer: "bench", audience: "bench")
  return "\"\(algorithm.rawValue)\":\(measure(ring, samples: samples))"
}
print("{\(results.joined(separator: ","))}")
