internal import CPhoneNumber
internal import Verification

/// The rule for each kind of number that libphonenumber tells apart: what line it is, or why it gets no PIN.
extension Destination.Line {
  init(_ kind: PingatePhoneKind) throws(NumberRefusal) {
    switch kind {
    case .mobile, .fixedLineOrMobile: self = .mobile
    case .fixedLine: self = .landline
    case .tollFree: throw .tollFree
    case .premiumRate: throw .premiumRate
    case .sharedCost: throw .sharedCost
    case .voip: throw .voip
    case .personalNumber: throw .personal
    case .pager: throw .pager
    case .uan: throw .organization
    case .voicemail: throw .voicemail
    // The library gives it to numbers that are not valid.
    case .unknown: throw .notValid
    }
  }
}
