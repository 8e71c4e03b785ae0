/// What the gate passes to the form: where the visitor wanted to go, and the purpose of the proof. It travels with the
/// forms and has no effect by itself.
public struct EntryTicket: Sendable, Hashable {
  /// Where to go after a success; empty if unknown. It was checked before it was sealed (`ReturnTarget`).
  public let target: String
  /// The purpose of the proof; empty for none.
  public let purpose: String
  /// Whether the visitor had submitted a form to the guarded folder, which is now lost.
  public let lostForm: Bool

  public init(target: String, purpose: String = "", lostForm: Bool = false) {
    self.target = target
    self.purpose = purpose
    self.lostForm = lostForm
  }

  /// The longest target that is sealed, in bytes.
  public static let longestTarget = 4_096
}

extension EntryTicket: TokenContent {
  package static let purpose = Keyring.Purpose.entry
  package static let version: UInt8 = 1
  /// Enough for the longest target and a purpose.
  package static let longestToken = 5_640

  private enum Field: UInt8 {
    case target = 1
    case purpose = 2
    case lostForm = 3
    case version = 4
  }

  /// The bytes of a field inside other sealed content.
  var bytes: [UInt8] {
    var fields = FieldWriter()
    write(to: &fields)
    return fields.bytes
  }

  /// - Returns: nil if there are no bytes, or if they are not a ticket's.
  init?(bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty, let fields = FieldReader(Array(bytes)) else { return nil }
    self.init(fields)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.target, target)
    fields.put(Field.purpose, purpose)
    // So that it always has at least one field.
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
