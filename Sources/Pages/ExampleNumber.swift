internal import Verification

/// An example of a number, for the words beside the field; it must be nobody's.
///
/// A library's example can be a real subscriber's. If a country reserves numbers for films and books, the example is one of them;
/// otherwise it shows no digits, only how many there are and how people group them. It is a table because loading the numbering
/// plan takes longer than a CGI program takes for the page.
enum ExampleNumber {
  /// - Parameter country: nil, or a country without numbers, stands for the United States.
  static func of(_ country: Country?) -> String {
    guard let country else { return usual }
    if let number = reserved[country.code] { return number }
    if let area = entry(of: country, in: northAmerica)?.first { return "+1 \(area) 555 0143" }
    guard let numbers = entry(of: country, in: groups), let code = numbers.first else { return usual }
    let digits = numbers.dropFirst().map { String(repeating: "x", count: Int($0) ?? 0) }
    return "+\(code) \(digits.joined(separator: " "))"
  }

  static let usual = "+1 202 555 0143"

  private static func entry(of country: Country, in table: String) -> [Substring]? {
    table.split(separator: "; ").first { $0.hasPrefix(country.code) }?.split(separator: " ").dropFirst().map(\.self)
  }

  /// Reserved for fiction by the Australian ACMA, the German Bundesnetzagentur, the French Arcep, the British Ofcom, the Irish
  /// ComReg, and the Swedish PTS. Australia's islands share its numbers.
  private static let reserved = [
    "AU": "+61 491 570 006", "CC": "+61 491 570 006", "CX": "+61 491 570 006", "DE": "+49 171 3920012",
    "FR": "+33 6 39 98 00 12", "GB": "+44 7700 900123", "IE": "+353 20 910 1234", "SE": "+46 70 174 06 05",
  ]

  /// An area code for each country of the North American numbering plan, where 555-0100 to 555-0199 are reserved for fiction.
  private static let northAmerica = """
    AG 268; AI 264; AS 684; BB 246; BM 441; BS 242; CA 613; DM 767; DO 809; GD 473; GU 671; JM 876; KN 869; KY 345; \
    LC 758; MP 670; MS 664; PR 787; SX 721; TC 649; TT 868; US 202; VC 784; VG 284; VI 340
    """

  /// The calling code of every other country, and the number of digits in each group of a mobile number, as libphonenumber formats
  /// it.
  private static let groups = """
    AC 247 5; AD 376 3 3; AE 971 2 3 4; AF 93 2 3 4; AL 355 2 3 4; AM 374 2 6; AO 244 3 3 3; AR 54 1 2 4 4; AT 43 3 \
    6; AW 297 3 4; AX 358 2 7; AZ 994 2 3 2 2; BA 387 2 3 3; BD 880 4 6; BE 32 3 2 2 2; BF 226 2 2 2 2; BG 359 2 3 \
    3; BH 973 4 4; BI 257 2 2 2 2; BJ 229 2 2 2 2 2; BL 590 3 2 2 2; BN 673 3 4; BO 591 8; BQ 599 3 4; BR 55 2 5 4; \
    BT 975 2 2 2 2; BW 267 2 3 3; BY 375 2 3 2 2; BZ 501 3 4; CD 243 3 3 3; CF 236 2 2 2 2; CG 242 2 3 4; CH 41 2 3 \
    2 2; CI 225 2 2 2 4; CK 682 2 3; CL 56 1 4 4; CM 237 1 2 2 2 2; CN 86 3 4 4; CO 57 3 7; CR 506 4 4; CU 53 1 7; \
    CV 238 3 2 2; CW 599 1 3 4; CY 357 2 6; CZ 420 3 3 3; DJ 253 2 2 2 2; DK 45 2 2 2 2; DZ 213 3 2 2 2; EC 593 2 3 \
    4; EE 372 4 4; EG 20 2 8; EH 212 1 2 2 2 2; ER 291 1 3 3; ES 34 3 2 2 2; ET 251 2 3 4; FI 358 2 7; FJ 679 3 4; \
    FK 500 5; FM 691 3 4; FO 298 2 2 2; GA 241 2 2 2 2; GE 995 3 2 2 2; GF 594 3 2 2 2; GG 44 4 6; GH 233 2 3 4; GI \
    350 8; GL 299 2 2 2; GM 220 3 4; GN 224 3 2 2 2; GP 590 3 2 2 2; GQ 240 3 3 3; GR 30 3 3 4; GT 502 4 4; GW 245 3 \
    3 3; GY 592 3 4; HK 852 4 4; HN 504 4 4; HR 385 2 3 4; HT 509 2 2 4; HU 36 2 3 4; ID 62 3 3 3; IL 972 2 3 4; IM \
    44 4 6; IN 91 5 5; IO 246 3 4; IQ 964 3 3 4; IR 98 3 3 4; IS 354 3 4; IT 39 3 3 4; JE 44 4 6; JO 962 1 4 4; JP \
    81 2 4 4; KE 254 3 6; KG 996 3 3 3; KH 855 2 3 3; KI 686 8; KM 269 3 2 2; KP 850 3 3 4; KR 82 2 4 4; KW 965 3 5; \
    KZ 7 3 3 4; LA 856 2 2 3 3; LB 961 2 3 3; LI 423 3 3 3; LK 94 2 3 4; LR 231 2 3 4; LS 266 4 4; LT 370 3 5; LU \
    352 3 3 3; LV 371 2 3 3; LY 218 2 7; MA 212 1 2 2 2 2; MC 377 1 2 2 2 2; MD 373 3 2 3; ME 382 2 3 3; MF 590 3 2 \
    2 2; MG 261 2 2 3 2; MH 692 3 4; MK 389 2 3 3; ML 223 2 2 2 2; MM 95 1 3 4; MN 976 4 4; MO 853 4 4; MQ 596 3 2 2 \
    2; MR 222 2 2 2 2; MT 356 4 4; MU 230 4 4; MV 960 3 4; MW 265 3 2 2 2; MX 52 3 3 4; MY 60 2 3 4; MZ 258 2 3 4; \
    NA 264 2 3 4; NC 687 2 2 2; NE 227 2 2 2 2; NF 672 1 5; NG 234 3 3 4; NI 505 4 4; NL 31 1 8; NO 47 2 2 2 2; NP \
    977 3 7; NR 674 3 4; NU 683 3 4; NZ 64 2 3 4; OM 968 4 4; PA 507 4 4; PE 51 3 3 3; PF 689 2 2 2 2; PG 675 4 4; \
    PH 63 3 3 4; PK 92 3 7; PL 48 3 3 3; PM 508 2 2 2; PS 970 3 3 3; PT 351 3 3 3; PW 680 3 4; PY 595 3 6; QA 974 4 \
    4; RE 262 3 2 2 2; RO 40 3 3 3; RS 381 2 7; RU 7 3 3 2 2; RW 250 3 3 3; SA 966 2 3 4; SB 677 2 5; SC 248 1 3 3; \
    SD 249 2 3 4; SG 65 4 4; SH 290 5; SI 386 2 3 3; SJ 47 2 2 2 2; SK 421 3 3 3; SL 232 2 6; SM 378 2 2 2 2; SN 221 \
    2 3 2 2; SO 252 1 7; SR 597 3 4; SS 211 3 3 3; ST 239 3 4; SV 503 4 4; SY 963 3 3 3; SZ 268 4 4; TA 290 4; TD \
    235 2 2 2 2; TG 228 2 2 2 2; TH 66 2 3 4; TJ 992 2 3 4; TK 690 4; TL 670 4 4; TM 993 2 6; TN 216 2 3 3; TO 676 3 \
    4; TR 90 3 3 2 2; TV 688 2 4; TW 886 3 3 3; TZ 255 3 3 3; UA 380 2 3 4; UG 256 3 6; UY 598 2 3 3; UZ 998 2 3 2 \
    2; VA 39 3 3 4; VE 58 3 7; VN 84 3 3 3; VU 678 3 4; WF 681 2 2 2; WS 685 2 5; XK 383 2 3 3; YE 967 3 3 3; YT 262 \
    3 2 2 2; ZA 27 2 3 4; ZM 260 2 7; ZW 263 2 3 4
    """
}
