/// What a visitor was sent to the form with: where they wanted to go, and what the proof is to be good for. It travels with
/// the forms, and makes nothing happen by itself.
public struct EntryTicket: Sendable, Hashable {
  /// Where to go after a success; empty where that is not known. It was judged before it was sealed (`ReturnTarget`).
  public let target: String
  /// Of the proof; empty for none in particular.
  public let purpose: String
  /// Whether a form was sent to what is guarded, and is lost.
  public let lostForm: Bool

  public init(target: String, purpose: String = "", lostForm: Bool = false) {
    self.target = target
    self.purpose = purpose
    self.lostForm = lostForm
  }

  /// No longer target is sealed; in bytes.
  public static let longestTarget = 4_096
}

extension EntryTicket: TokenContent {
  package static let purpose = Keyring.Purpose.entry
  package static let version: UInt8 = 1
  /// What the longest target needs, and a purpose.
  package static let longestToken = 5_640

  private enum Field: UInt8 {
    case target = 1
    case purpose = 2
    case lostForm = 3
    case version = 4
  }

  /// As a field of another content.
  var bytes: [UInt8] {
    var fields = FieldWriter()
    write(to: &fields)
    return fields.bytes
  }

  /// - Returns: nil for no bytes, and for those of anything else.
  init?(bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty, let fields = FieldReader(Array(bytes)) else { return nil }
    self.init(fields)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.target, target)
    fields.put(Field.purpose, purpose)
    // Not without any field.
    fields.put(Field.version, 1)
    if lostForm { fields.put(Field.lostForm, 1) }
  }

  package init?(_ fields: FieldReader) {
    guard let target = fields.text(Field.target), let purpose = fields.text(Field.purpose),
      target.utf8.count <= Self.longestTarget, purpose.isEmpty || Proof.isPurpose(purpose)
    else { return nil }
    self.init(target: target, purpose: purpose, lostForm: fields.number(Field.lostForm) == 1)
  }
}
